import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2 } from "aws-lambda";
import { desk } from "../infrastructure/desk.js";

const answer = (statusCode: number, body: unknown): APIGatewayProxyResultV2 => ({
  statusCode,
  body: JSON.stringify(body),
});

export const open = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyResultV2> => {
  const { customer, subject } = JSON.parse(event.body ?? "{}");
  return answer(201, await desk.open(customer, subject));
};

export const list = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyResultV2> =>
  answer(200, await desk.list(event.queryStringParameters?.["customer"] ?? ""));

export const close = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyResultV2> => {
  await desk.close(event.pathParameters?.["id"] ?? "");
  return answer(200, {});
};
