import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type FakeAnswer, type FakeServer, type SeenCall, startFakePlatform } from './fake-platform.ts';

export const SIGNING_SECRET = `whsec_${Buffer.from('a-signing-secret-for-tests-only!').toString('base64')}`;

export type WebhookReceiver = {
  readonly server: FakeServer;
  readonly url: string;
  /** Contact points that are listed, by when that ends (epoch milliseconds), for every list in one. */
  listed(): ReadonlyMap<string, number | undefined>;
  /** Of the messages that were taken, in order, each once. */
  readonly ids: readonly string[];
};

const TOLERANCE_MS = 300_000;
const Message = z.strictObject({
  type: z.literal('suppressions.changed'),
  timestamp: z.iso.datetime(),
  data: z.strictObject({
    list: z.strictObject({
      channels: z.array(z.enum(['VOICE', 'SMS', 'EMAIL'])).min(1),
      purposes: z.array(z.string()).min(1),
      seller: z.string().optional(),
    }),
    listings: z
      .array(
        z.strictObject({
          contactPoint: z.union([
            z.string().regex(/^tel:\+[1-9]\d{6,14}$/),
            z.string().regex(/^mailto:[^@\s]+@[^@\s]+$/),
          ]),
          listed: z.boolean(),
          until: z.iso.datetime().optional(),
        }),
      )
      .min(1)
      .max(100),
  }),
});

/** A receiver as Standard Webhooks has it: checks signature and age, and takes a message once. */
export async function startWebhookReceiver(now: () => number): Promise<WebhookReceiver> {
  const listed = new Map<string, number | undefined>();
  const ids: string[] = [];
  const answer = (call: SeenCall): FakeAnswer => {
    const { success, data } = Message.safeParse(call.body);
    if (!isSigned(call, now()) || !success) return { status: 400, body: {} };
    const id = String(call.headers['webhook-id']);
    if (ids.includes(id)) return { status: 200, body: {} };
    ids.push(id);
    for (const { contactPoint, listed: isListed, until } of data.data.listings) {
      if (isListed) listed.set(contactPoint, until === undefined ? undefined : Date.parse(until));
      else listed.delete(contactPoint);
    }
    return { status: 204, body: '' };
  };
  const server = await startFakePlatform({
    routes: [{ method: 'POST', path: /^\/hooks\/suppressions$/, answer, signed: true }],
    refusal: (status) => ({ status, body: { error: 'refused' } }),
  });
  return {
    server,
    url: `${server.url}/hooks/suppressions`,
    ids,
    listed: () => new Map([...listed].filter(([, until]) => until === undefined || until > now())),
  };
}

function isSigned({ headers, sent }: SeenCall, now: number): boolean {
  const [id, timestamp] = [headers['webhook-id'], headers['webhook-timestamp']];
  if (typeof id !== 'string' || id.includes('.') || typeof timestamp !== 'string') return false;
  if (Math.abs(now - Number(timestamp) * 1000) > TOLERANCE_MS) return false;
  return (
    headers['webhook-signature'] === `v1,${signatureByHand(SIGNING_SECRET, `${id}.${timestamp}.${sent}`)}`
  );
}

/** HMAC-SHA-256 as RFC 2104 writes it, with none of the code that signs. */
export function signatureByHand(secret: string, message: string): string {
  const key = Buffer.alloc(64);
  Buffer.from(secret.slice('whsec_'.length), 'base64').copy(key);
  const padded = (pad: number) => Buffer.from(key.map((byte) => byte ^ pad));
  const inner = createHash('sha256').update(padded(0x36)).update(message).digest();
  return createHash('sha256').update(padded(0x5c)).update(inner).digest('base64');
}
