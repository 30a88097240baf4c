import { errorCode, type Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import type { Refusal } from '../../lib/adapters/http/refusals.ts';
import type { RecordFact } from '../../lib/adapters/record-fact.ts';
import type { ReviewText } from '../../lib/adapters/review-text.ts';
import type { EmailAddress } from '../../lib/domain/contact-point/email-address.ts';
import type { PhoneNumber } from '../../lib/domain/contact-point/phone-number.ts';
import { type Pepper, type Token, tokenOf } from '../../lib/domain/contact-point/token.ts';
import type { Classification } from '../../lib/domain/opt-out/classify-message.ts';
import { type Confirmations, confirmableUntil } from '../../lib/domain/opt-out/confirmation.ts';
import {
  hasRevokedAll,
  isKnown,
  type KeptMessage,
  messageDoubt,
  messageOptOut,
  messageRef,
} from '../../lib/domain/opt-out/message-facts.ts';
import { type Reviews, reviewOf } from '../../lib/domain/opt-out/review.ts';
import { OpaqueId } from '../../lib/domain/vocabulary.ts';
import type { InboundMessage } from './event.ts';

export type RecordingDeps = {
  readonly recordFact: RecordFact;
  readonly pepper: () => Promise<Pepper>;
  readonly reviews: Pick<Reviews, 'open'>;
  readonly reviewText: Pick<ReviewText, 'seal'>;
  readonly confirmations: Confirmations;
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
};

/** A message that says something about contact. */
export type Recording = {
  readonly message: InboundMessage;
  /** What the writer wrote. */
  readonly text: string;
  readonly classification: Extract<Classification, { keyword: string }>;
  readonly client: string;
  /** Epoch milliseconds: when it was said, at most now, and now. */
  readonly effectiveAt: number;
  readonly receivedAt: number;
};

export type Taken =
  | {
      readonly accepted: true;
      readonly classified: 'OPT_OUT' | 'DOUBTFUL';
      readonly keyword: string;
      readonly effectiveAt: string;
      /** False where it was known, or where a stronger statement stands. */
      readonly changed: boolean;
      /** Whether the sender of text messages was told to confirm it. */
      readonly confirmation?: 'DUE' | 'NONE';
      readonly reviewId?: string;
      /** By when somebody must have read it. */
      readonly dueAt?: string;
    }
  | ({ readonly accepted: false } & Refusal);

/** As much of a message as a reviewer needs. */
const MOST_KEPT = 2000;

/** Ends all contact, and has that confirmed by one text message where it is new. */
export async function recordOptOut(
  contactPoint: PhoneNumber | EmailAddress,
  recording: Recording,
  deps: RecordingDeps,
): Promise<Taken> {
  const { token, kept } = await keptOf(contactPoint, recording, deps);
  let isNew = false;
  const recorded = await deps.recordFact(
    contactPoint,
    ({ state }) => {
      const fact = messageOptOut(kept);
      // Decided in the write that makes it so: of any number of STOPs at once, one is new.
      isNew = !hasRevokedAll(state);
      return isKnown(state, fact) ? undefined : fact;
    },
    recording.client,
  );
  if (recorded.outcome === 'WRONG_REGION')
    return { accepted: false, code: 'WRONG_REGION', region: recorded.region };
  const due = recorded.changed && isNew && (await confirm(token, recording, { kept, deps }));
  return {
    ...said(recording),
    classified: 'OPT_OUT',
    changed: recorded.changed,
    confirmation: due ? 'DUE' : 'NONE',
  };
}

/** Blocks all contact until somebody has read the message. */
export async function recordDoubt(
  contactPoint: PhoneNumber | EmailAddress,
  recording: Recording,
  deps: RecordingDeps,
): Promise<Taken> {
  const { token, kept } = await keptOf(contactPoint, recording, deps);
  let toReview = false;
  const recorded = await deps.recordFact(
    contactPoint,
    ({ state }) => {
      // Nothing can be doubtful to whoever wants no contact anyhow.
      const fact = hasRevokedAll(state) ? undefined : messageDoubt(state, kept);
      toReview = fact?.reason === 'PROVISIONAL' && state.reviews?.[kept.id] === undefined;
      return fact === undefined || isKnown(state, fact) ? undefined : fact;
    },
    recording.client,
  );
  if (recorded.outcome === 'WRONG_REGION')
    return { accepted: false, code: 'WRONG_REGION', region: recorded.region };
  const answer = { ...said(recording), classified: 'DOUBTFUL' as const, changed: recorded.changed };
  if (!toReview) return answer;
  const text = recording.text.slice(0, MOST_KEPT);
  const ciphertext = await deps.reviewText.seal({ token, reviewId: kept.id }, text);
  const review = reviewOf(kept, { token, text: ciphertext });
  await deps.reviews.open(review);
  return { ...answer, reviewId: review.id, dueAt: new Date(review.dueAt).toISOString() };
}

async function keptOf(
  contactPoint: PhoneNumber | EmailAddress,
  { message, classification, client, effectiveAt, receivedAt }: Recording,
  deps: RecordingDeps,
): Promise<{ readonly token: Token; readonly kept: KeptMessage }> {
  const { channel, messageId, seller = '*', purpose } = message;
  const pepper = await deps.pepper();
  const token = tokenOf(pepper, contactPoint);
  const id = messageRef(pepper, { token, channel, messageId });
  const by = OpaqueId.catch('receive-message').parse(client);
  const { keyword } = classification;
  const asked = purpose === undefined ? { channel, seller } : { channel, seller, purpose };
  return { token, kept: { ...asked, id, keyword, by, effectiveAt, receivedAt } };
}

function said({ classification, effectiveAt }: Recording) {
  const at = new Date(effectiveAt).toISOString();
  return { accepted: true as const, keyword: classification.keyword, effectiveAt: at };
}

/** At most once: what fails here is not tried again, since the law allows one text and demands none. */
async function confirm(
  token: Token,
  { message, classification, effectiveAt }: Recording,
  { kept, deps }: { readonly kept: KeptMessage; readonly deps: RecordingDeps },
): Promise<boolean> {
  const sendBefore = confirmableUntil(effectiveAt, deps.now());
  if (message.channel !== 'SMS' || classification.classified !== 'OPT_OUT' || sendBefore === undefined) {
    return false;
  }
  const { messageId } = message;
  const { language } = classification;
  try {
    const { id: confirmationId, seller } = kept;
    await deps.confirmations.due({ confirmationId, token, messageId, language, seller, sendBefore });
    return true;
  } catch (error) {
    deps.telemetry.log('CONFIRMATION_NOT_ANNOUNCED', { errorCode: errorCode(error) });
    return false;
  }
}
