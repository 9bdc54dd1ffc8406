import { SendEmailCommand, SESv2Client } from "@aws-sdk/client-sesv2";
import type { Mailer } from "../domain/tickets.js";

/** Mail from one address. */
export class Mail implements Mailer {
  private readonly client = new SESv2Client({});

  constructor(private readonly from: string) {}

  async send(to: string, subject: string, text: string): Promise<void> {
    const command = new SendEmailCommand({
      FromEmailAddress: this.from,
      Destination: { ToAddresses: [to] },
      Content: { Simple: { Subject: { Data: subject }, Body: { Text: { Data: text } } } },
    });
    await this.client.send(command);
  }
}
