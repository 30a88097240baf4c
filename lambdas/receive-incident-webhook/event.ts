import * as z from 'zod';

/** The parts of an HTTP API event, payload format 2.0, that are read before a signature was checked. */
const WebhookEvent = z.object({
  routeKey: z.string(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});

export type Webhook = {
  readonly route: string;
  /** By names in lower case, as API Gateway passes them. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it came: what was signed. */
  readonly bytes: Uint8Array;
};

/** @throws ZodError if API Gateway sends another form. */
export function readWebhook(event: unknown): Webhook {
  const { routeKey, headers, body, isBase64Encoded } = WebhookEvent.parse(event);
  return { route: routeKey, headers, bytes: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8') };
}
