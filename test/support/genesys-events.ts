import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { ownNumbersFrom } from '../../lib/adapters/genesys/customer-address.ts';
import type { GenesysSettings } from '../../lib/adapters/genesys/read-opt-out.ts';
import { NOON } from './facts.ts';

export const OPT_OUT_CODE = 'c0ffee01-aaaa-4bbb-8ccc-000000000d0c';
export const OTHER_CODE = '7f2e9a10-1b1b-4c1c-8d1d-aaaaaaaaaaaa';
/** Caller ids, a DID, a transfer target and a text sender: 617 555 0190 to 0193. */
export const OWN_NUMBERS = '+16175550190,+16175550191,+16175550192,+16175550193';

export const SETTINGS: GenesysSettings = {
  optOutCodes: new Set([OPT_OUT_CODE]),
  ownNumbers: ownNumbersFrom(OWN_NUMBERS),
  defaultRegion: 'US',
};

const Fixture = z.looseObject({
  id: z.string(),
  'detail-type': z.string(),
  detail: z.looseObject({ eventBody: z.record(z.string(), z.unknown()), timestamp: z.string() }),
});
export type Fixture = z.infer<typeof Fixture>;

export const FIXTURES = [
  'acw-outbound',
  'acw-inbound',
  'acw-callback',
  'acw-transfer',
  'acw-sms',
  'wrapup-outbound',
  'wrapup-email-inbound',
  'post-contact-voice',
  'post-contact-preview',
  'post-contact-sms',
  'post-contact-email',
] as const;
export type FixtureName = (typeof FIXTURES)[number];

/** An event as EventBridge delivers it. */
export function fixture(name: FixtureName): Fixture {
  const text = readFileSync(new URL(`../fixtures/genesys/${name}.json`, import.meta.url), 'utf8');
  return Fixture.parse(JSON.parse(text));
}

/** The text of an event, with other values in its body; undefined takes a field out. */
export function eventText(name: FixtureName, body: Readonly<Record<string, unknown>> = {}): string {
  const event = fixture(name);
  const eventBody = { ...event.detail.eventBody, ...body };
  return JSON.stringify({ ...event, detail: { ...event.detail, eventBody } });
}

/** An agent's opt-out after an outbound call to `dnis`. */
export function outboundOptOut(dnis: string, body: Readonly<Record<string, unknown>> = {}): string {
  return eventText('acw-outbound', { dnis: `tel:${dnis}`, ...body });
}

/** A message as the queue hands it over. */
export function sqsRecord(body: string, messageId: string, sentAt: number = NOON): Record<string, unknown> {
  const attributes = {
    SentTimestamp: String(sentAt),
    MessageGroupId: 'opt-outs',
    ApproximateReceiveCount: '1',
  };
  return { messageId, body, attributes, eventSource: 'aws:sqs' };
}
