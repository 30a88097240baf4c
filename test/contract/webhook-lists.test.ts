import { afterEach, describe, expect, it } from 'vitest';
import { signedHeaders } from '../../lib/adapters/webhook/signature.ts';
import { WebhookLists } from '../../lib/adapters/webhook/webhook-lists.ts';
import { DiallerList } from '../../lib/domain/dialler/dialler.ts';
import { startFakePlatform } from '../support/fake-platform.ts';
import { START } from '../support/genesys-cloud/dialler.ts';
import { caught, listing, numberAt } from '../support/listings.ts';
import {
  SIGNING_SECRET,
  signatureByHand,
  startWebhookReceiver,
  type WebhookReceiver,
} from '../support/webhook-receiver.ts';

const [A, B] = [numberAt(0), numberAt(1)];
const list = DiallerList.parse({ channels: ['VOICE', 'EMAIL'], seller: 'brand-a' });

let receiver: WebhookReceiver;
let messages: number;
async function start({ secret = SIGNING_SECRET, url = undefined as string | undefined } = {}) {
  receiver = await startWebhookReceiver(() => START);
  messages = 0;
  return new WebhookLists({
    url: url ?? receiver.url,
    secret: async () => secret,
    now: () => START,
    wait: async () => undefined,
    newId: () => `id-${++messages}`,
    timeoutMs: 2000,
  });
}
afterEach(() => receiver?.server.close());
const idsSeen = () => receiver.server.calls.map(({ headers }) => headers['webhook-id']);

describe('a signed message', () => {
  // The example of the specification's own libraries.
  const example = {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    at: 1_614_265_330_000,
    body: '{"test": 2432232314}',
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  };
  const signature = 'g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';

  it('is signed as Standard Webhooks has it', () => {
    expect(signedHeaders(example)).toEqual({
      'webhook-id': example.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': `v1,${signature}`,
    });
    const message = `${example.id}.1614265330.${example.body}`;
    expect(signatureByHand(example.secret, message)).toBe(signature);
  });
});

describe('a webhook', () => {
  it('is told who is listed for what, by numbers and addresses as URIs', async () => {
    const webhook = await start();
    const until = START + 1500;
    await webhook.apply(list, [
      listing(A, { until }),
      listing('casey.fixture@example.com', { listed: false }),
    ]);
    expect(receiver.server.calls.map(({ body }) => body)).toEqual([
      {
        type: 'suppressions.changed',
        timestamp: '2026-11-22T12:00:00.000Z',
        data: {
          list: { channels: ['VOICE', 'EMAIL'], purposes: ['MARKETING'], seller: 'brand-a' },
          listings: [
            { contactPoint: `tel:${A}`, listed: true, until: '2026-11-22T12:00:01.500Z' },
            { contactPoint: 'mailto:casey.fixture@example.com', listed: false },
          ],
        },
      },
    ]);
  });

  it('gets a hundred in a message', async () => {
    const webhook = await start();
    await webhook.apply(
      list,
      Array.from({ length: 250 }, (_, index) => listing(numberAt(index))),
    );
    expect(receiver.ids).toEqual(['msg_id-1', 'msg_id-2', 'msg_id-3']);
    expect(receiver.listed().size).toBe(250);
  });

  it('is sent a message again under its id, and what is said anew under another', async () => {
    const webhook = await start();
    receiver.server.fail({ kind: 'NO_ANSWER', acted: true });
    await webhook.apply(list, [listing(A)]);
    await webhook.apply(list, [listing(A, { listed: false })]);
    await webhook.apply(list, [listing(A)]);
    expect(idsSeen()).toEqual(['msg_id-1', 'msg_id-1', 'msg_id-2', 'msg_id-3']);
    expect([...receiver.listed().keys()]).toEqual([`tel:${A}`]);
  });

  it.each([
    [410, 'DIALLER_MISCONFIGURED', 1],
    [400, 'WEBHOOK_FAILED', 1],
    [429, 'WEBHOOK_FAILED', 1],
    [500, 'WEBHOOK_FAILED', 2],
  ])('that answers %i fails with %s after %i attempts', async (status, code, attempts) => {
    const webhook = await start();
    for (let time = 0; time < 3; time += 1) receiver.server.fail({ kind: 'STATUS', status });
    expect(await caught(webhook.apply(list, [listing(A), listing(B)]))).toMatchObject({ code });
    expect(receiver.server.calls).toHaveLength(attempts);
  });

  it('that points elsewhere is not followed', async () => {
    const moved = await startFakePlatform({
      routes: [
        {
          method: 'POST',
          path: /^\/old$/,
          answer: () => ({ status: 307, body: '', headers: { location: receiver.url } }),
          signed: true,
        },
      ],
      refusal: (status) => ({ status, body: {} }),
    });
    const webhook = await start({ url: `${moved.url}/old` });
    expect(await caught(webhook.apply(list, [listing(A)]))).toMatchObject({ code: 'WEBHOOK_FAILED' });
    expect([moved.calls.length > 0, receiver.server.calls]).toEqual([true, []]);
    await moved.close();
  });

  it('that signs by another secret is not believed', async () => {
    const webhook = await start({ secret: SIGNING_SECRET.replace('whsec_Y', 'whsec_Z') });
    expect(await caught(webhook.apply(list, [listing(A)]))).toMatchObject({ code: 'WEBHOOK_FAILED' });
    expect([receiver.listed().size, receiver.server.violations.length]).toEqual([0, 1]);
  });

  it('is not called in clear, but on the machine itself', async () => {
    const webhook = await start({ url: 'http://hooks.example.com/suppressions' });
    const error = await caught(webhook.apply(list, [listing(A)]));
    expect(error).toMatchObject({ code: 'DIALLER_MISCONFIGURED', message: expect.stringMatching(/https/) });
  });
});
