package parcels.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import parcels.domain.Tracking;

/** `PUT /parcels/{number}`: the body names the place. */
public class MoveParcel implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
    private final Tracking tracking;

    public MoveParcel() {
        this(Wiring.tracking());
    }

    MoveParcel(Tracking tracking) {
        this.tracking = tracking;
    }

    @Override
    public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
        tracking.move(event.getPathParameters().get("number"), event.getBody());
        return APIGatewayV2HTTPResponse.builder().withStatusCode(204).build();
    }
}
