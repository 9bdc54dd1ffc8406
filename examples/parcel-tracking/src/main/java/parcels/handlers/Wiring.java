package parcels.handlers;

import parcels.domain.Tracking;
import parcels.notices.TopicNotices;
import parcels.store.ParcelTable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sns.SnsClient;

/** Puts the parts together, for every function the same. */
final class Wiring {
    private Wiring() {}

    static Tracking tracking() {
        return new Tracking(
            new ParcelTable(DynamoDbClient.create(), System.getenv("PARCELS_TABLE")),
            new TopicNotices(SnsClient.create(), System.getenv("NOTICES_TOPIC")));
    }
}
