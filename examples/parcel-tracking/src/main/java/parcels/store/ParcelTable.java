package parcels.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import parcels.domain.Parcel;
import parcels.domain.Parcels;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/** Parcels in a table, with an index by customer. */
public class ParcelTable implements Parcels {
    private static final String BY_CUSTOMER = "by-customer";

    private final DynamoDbClient client;
    private final String table;

    public ParcelTable(DynamoDbClient client, String table) {
        this.client = client;
        this.table = table;
    }

    @Override
    public void keep(Parcel parcel) {
        Map<String, AttributeValue> item = Map.of(
            "number", AttributeValue.fromS(parcel.number()),
            "customer", AttributeValue.fromS(parcel.customer()),
            "place", AttributeValue.fromS(parcel.place()));
        client.putItem(PutItemRequest.builder().tableName(table).item(item).build());
    }

    @Override
    public Optional<Parcel> find(String number) {
        var answer = client.getItem(get -> get.tableName(table).key(key(number)));
        return answer.hasItem() ? Optional.of(parcel(answer.item())) : Optional.empty();
    }

    @Override
    public List<Parcel> of(String customer) {
        QueryRequest request = QueryRequest.builder()
            .tableName(table)
            .indexName(BY_CUSTOMER)
            .keyConditionExpression("customer = :customer")
            .expressionAttributeValues(Map.of(":customer", AttributeValue.fromS(customer)))
            .build();
        return client.queryPaginator(request).items().stream().map(ParcelTable::parcel).toList();
    }

    @Override
    public void forget(String number) {
        client.deleteItem(delete -> delete.tableName(table).key(key(number)));
    }

    private static Map<String, AttributeValue> key(String number) {
        return Map.of("number", AttributeValue.fromS(number));
    }

    private static Parcel parcel(Map<String, AttributeValue> item) {
        return new Parcel(item.get("number").s(), item.get("customer").s(), item.get("place").s());
    }
}
