package parcels.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.util.stream.Collectors;
import parcels.domain.Parcel;
import parcels.domain.Tracking;

/** `GET /customers/{customer}/parcels`. */
public class ListParcels implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
    private final Tracking tracking = Wiring.tracking();

    @Override
    public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
        String body = tracking.of(event.getPathParameters().get("customer")).stream()
            .map(Parcel::number)
            .collect(Collectors.joining("\n"));
        return APIGatewayV2HTTPResponse.builder().withStatusCode(200).withBody(body).build();
    }
}
