import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

/** Files that customers add to their tickets. */
export class Attachments {
  private readonly client = new S3Client({});

  constructor(private readonly bucket: string) {}

  /** An address that takes one file for an hour. */
  address(ticket: string, name: string): Promise<string> {
    const command = new PutObjectCommand({ Bucket: this.bucket, Key: `tickets/${ticket}/${name}` });
    return getSignedUrl(this.client, command, { expiresIn: 3600 });
  }
}
