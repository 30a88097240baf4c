import type { EmailAddress } from '../domain/contact-point/email-address.ts';
import type { PhoneNumber } from '../domain/contact-point/phone-number.ts';
import type { Residency } from '../domain/contact-point/residency.ts';
import { type Pepper, type Token, tokenOf } from '../domain/contact-point/token.ts';
import { type Erasure, type ErasureCommand, erasureOf } from '../domain/erasure/erasure.ts';
import type { ErasureEntry } from '../domain/log/entry.ts';
import type { Reviews } from '../domain/opt-out/review.ts';
import type { ContactPoints } from '../domain/ports.ts';
import { homeRegion } from './record-fact.ts';

export type Erased =
  | {
      readonly outcome: 'ERASED';
      /** False where nothing but what an erasure leaves was there. */
      readonly changed: boolean;
      /** Epoch milliseconds. */
      readonly erasedAt: number;
      /** What this call destroyed, and what it left. */
      readonly destroyed?: ErasureEntry['destroyed'];
      readonly kept?: ErasureEntry['kept'];
      /** Messages that waited for a reviewer and went with it. */
      readonly messagesDestroyed: number;
    }
  /** A litigation hold stands: nothing was destroyed. */
  | { readonly outcome: 'HELD'; readonly standingHolds: number }
  /** Nothing was stored or destroyed: `region` alone may hold this contact point. */
  | { readonly outcome: 'WRONG_REGION'; readonly region: Residency };

/**
 * Erases a contact point, by itself or by its token. The data key goes in the same conditional write that carries the entry
 * about it, so that neither is without the other; messages that wait for a reviewer follow, unreadable since that write. May
 * be called again after any failure, and finishes what was begun.
 *
 * @throws ComplianceError WRITE_CONTENTION; whatever the store or the secrets throw.
 */
export type EraseContactPoint = (
  who: PhoneNumber | EmailAddress | { readonly kind: 'token'; readonly token: Token },
  command: ErasureCommand,
  client?: string,
) => Promise<Erased>;

export type EraseContactPointDeps = {
  readonly contactPoints: Pick<ContactPoints, 'change'>;
  readonly reviews: Pick<Reviews, 'waiting' | 'decide' | 'close'>;
  readonly pepper: () => Promise<Pepper>;
  readonly residency: Residency;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** UUIDv7. */
  readonly newId: () => string;
};

/** The one way in which a person's data is destroyed, whoever asks for it. */
export function createEraseContactPoint(deps: EraseContactPointDeps): EraseContactPoint {
  return async (who, command, client) => {
    const region = who.kind === 'token' ? undefined : homeRegion(who);
    if (region !== undefined && region !== deps.residency) return { outcome: 'WRONG_REGION', region };
    const token = who.kind === 'token' ? who.token : tokenOf(await deps.pepper(), who);
    const erasure = await erase(token, { command, client }, deps);
    if (erasure.outcome === 'HELD') return erasure;
    const { erasedAt } = erasure;
    const messagesDestroyed = await destroyMessages(token, { by: command.by, at: erasedAt }, deps);
    if (erasure.outcome === 'ERASED_BEFORE') {
      return { outcome: 'ERASED', changed: false, erasedAt, messagesDestroyed };
    }
    const { destroyed, kept } = erasure.change.entry;
    return { outcome: 'ERASED', changed: true, erasedAt, destroyed, kept, messagesDestroyed };
  };
}

async function erase(
  token: Token,
  { command, client }: { readonly command: ErasureCommand; readonly client: string | undefined },
  deps: EraseContactPointDeps,
): Promise<Erasure> {
  const entryId = deps.newId();
  let erasure: Erasure | undefined;
  await deps.contactPoints.change(token, (from) => {
    erasure = erasureOf(from, command, { entryId, now: deps.now(), client });
    return erasure.outcome === 'ERASE' ? erasure.change : undefined;
  });
  if (erasure === undefined) throw new TypeError('expected the store to ask what changes');
  return erasure;
}

/** A message of which nobody can say any more what it was is taken for the opt-out that the erasure is. */
async function destroyMessages(
  token: Token,
  { by, at }: { readonly by: string; readonly at: number },
  { reviews }: EraseContactPointDeps,
): Promise<number> {
  const waiting = (await reviews.waiting()).filter((review) => review.token === token);
  for (const { id } of waiting) {
    const decided = await reviews.decide(id, { outcome: 'OPT_OUT', by, at });
    if (decided !== undefined) await reviews.close(decided);
  }
  return waiting.length;
}
