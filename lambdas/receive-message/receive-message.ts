import type { Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { type ApiResponse, readApiRequest, respond, respondInvalid } from '../../lib/adapters/http/api.ts';
import { readContactPoint } from '../../lib/adapters/http/contact-point-input.ts';
import { refusalOf, respondRefused } from '../../lib/adapters/http/refusals.ts';
import { recoverPhoneNumbers } from '../../lib/domain/contact-point/phone-number.ts';
import { classifyMessage } from '../../lib/domain/opt-out/classify-message.ts';
import { ownWords } from '../../lib/domain/opt-out/own-words.ts';
import { settleTime } from '../../lib/domain/state/settle-time.ts';
import { InboundMessage } from './event.ts';
import {
  type Recording,
  type RecordingDeps,
  recordDoubt,
  recordOptOut,
  type Taken,
} from './record-message.ts';

export type ReceiveMessageDeps = RecordingDeps & {
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
};

/**
 * Takes an inbound text message or e-mail reply. What it says about contact is in force once this has answered: 201
 * where it changed something, 200 where it was known or says nothing. The message is not kept, but for one in doubt, as
 * ciphertext, until it is read.
 */
export function createReceiveMessage(deps: ReceiveMessageDeps): (event: unknown) => Promise<ApiResponse> {
  return async (event) => {
    const { route, body, client } = readApiRequest(event);
    if (route !== 'POST /v1/messages/inbound') return respondRefused({ code: 'UNKNOWN_ROUTE' });
    const parsed = InboundMessage.safeParse(body);
    if (!parsed.success) return respondInvalid(parsed.error);
    try {
      return await receive(parsed.data, client, deps);
    } catch (error) {
      return respondRefused(refusalOf(error, deps.telemetry));
    }
  };
}

async function receive(
  message: InboundMessage,
  client: string,
  deps: ReceiveMessageDeps,
): Promise<ApiResponse> {
  const text = message.channel === 'EMAIL' ? ownWords(message.text) : message.text;
  const classification = classifyMessage(text);
  if (!('keyword' in classification)) return respond(200, { accepted: true, ...classification });
  const recording: Recording = { message, text, classification, client, ...timesOf(message, deps) };
  const record = (contactPoint: Parameters<typeof recordOptOut>[0]) =>
    classification.classified === 'OPT_OUT'
      ? recordOptOut(contactPoint, recording, deps)
      : recordDoubt(contactPoint, recording, deps);
  const contactPoint = readContactPoint(writerOf(message));
  if (contactPoint.kind !== 'unreadable') return answer(await record(contactPoint));
  // The caller must correct the number, but whoever it may be is left alone from now on.
  const { from, defaultRegion, channel } = message;
  const recovered = channel === 'SMS' ? recoverPhoneNumbers(from, defaultRegion) : [];
  const taken = await Promise.all(recovered.map(record));
  const suppressed = taken.filter(({ accepted }) => accepted).length;
  return respondRefused({ code: 'UNREADABLE_INPUT', cause: contactPoint.cause, suppressed });
}

function writerOf({ channel, from, defaultRegion }: InboundMessage) {
  // RFC 5322, section 3.4: a From header can hold a name before the address in angle brackets.
  const address = /<([^<>]*)>\s*$/.exec(from)?.[1] ?? from;
  return channel === 'EMAIL' ? { email: address } : { phoneNumber: from, defaultRegion };
}

function timesOf(
  { receivedAt: statedAt }: InboundMessage,
  { now, telemetry }: ReceiveMessageDeps,
): { readonly effectiveAt: number; readonly receivedAt: number } {
  const receivedAt = now();
  const { effectiveAt, futureDated } = settleTime(statedAt, receivedAt);
  if (futureDated) telemetry.metric('OptOutFutureDatedCount', 1);
  return { effectiveAt, receivedAt };
}

function answer(taken: Taken): ApiResponse {
  if (!taken.accepted) return respondRefused(taken);
  return respond(taken.changed ? 201 : 200, taken);
}
