package parcels.notices;

import parcels.domain.Notices;
import parcels.domain.Parcel;
import software.amazon.awssdk.services.sns.SnsClient;

/** Notices on a topic. */
public class TopicNotices implements Notices {
    private final SnsClient client;
    private final String topic;

    public TopicNotices(SnsClient client, String topic) {
        this.client = client;
        this.topic = topic;
    }

    @Override
    public void arrived(Parcel parcel) {
        String text = String.format("%s is in %s", parcel.number(), parcel.place());
        client.publish(publish -> publish.topicArn(topic).message(text));
    }
}
