import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import type { Ticket, TicketStore } from "../domain/tickets.js";

const BY_CUSTOMER = "by-customer";

/** Tickets in a table. */
export class TicketTable implements TicketStore {
  readonly #documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));

  constructor(private readonly table: string) {}

  async save(ticket: Ticket): Promise<void> {
    await this.#documents.send(new PutCommand({ TableName: this.table, Item: ticket }));
  }

  async find(id: string): Promise<Ticket | undefined> {
    const { Item } = await this.#documents.send(new GetCommand({ TableName: this.table, Key: { id } }));
    return Item as Ticket | undefined;
  }

  async openOf(customer: string): Promise<Ticket[]> {
    const { Items = [] } = await this.#documents.send(
      new QueryCommand({
        TableName: this.table,
        IndexName: BY_CUSTOMER,
        KeyConditionExpression: "customer = :customer",
        ExpressionAttributeValues: { ":customer": customer },
      }),
    );
    return Items as Ticket[];
  }

  async close(id: string): Promise<void> {
    await this.#documents.send(
      new UpdateCommand({ TableName: this.table, Key: { id }, UpdateExpression: "SET #state = :closed" }),
    );
  }

  async forget(id: string): Promise<void> {
    await this.#documents.send(new DeleteCommand({ TableName: this.table, Key: { id } }));
  }
}
