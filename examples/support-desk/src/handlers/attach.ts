import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2 } from "aws-lambda";
import { Attachments } from "../infrastructure/attachments.js";
import { setting } from "../infrastructure/settings.js";

const attachments = new Attachments(setting("FILES_BUCKET"));

export const handler = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyResultV2> => {
  const { id, name } = event.pathParameters as { id: string; name: string };
  return { statusCode: 200, body: JSON.stringify({ address: await attachments.address(id, name) }) };
};
