import { createHmac } from 'node:crypto';

/** What is signed, and by which secret: `whsec_` and the key in base64. */
export type WebhookMessage = {
  readonly id: string;
  /** Epoch milliseconds; the receiver refuses what is old. */
  readonly at: number;
  readonly body: string;
  readonly secret: string;
};

/** The headers of a message that only the holder of the secret can have sent. https://www.standardwebhooks.com */
export function signedHeaders({ id, at, body, secret }: WebhookMessage): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}
