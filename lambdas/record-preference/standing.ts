import {
  type ConsentStatus,
  consentPosition,
  standingSuppressions,
} from '../../lib/domain/state/position.ts';
import type { ContactPointState } from '../../lib/domain/state/state.ts';
import { Channel, Purpose } from '../../lib/domain/vocabulary.ts';
import type { Statement } from './statement.ts';

/** Where a person stands on one channel, for one seller or for all. */
export type Standing = {
  /** Whether a suppression stands. A newer proved consent can lift it for a purpose: the check decides that. */
  readonly suppressed: boolean;
  /** By purpose. */
  readonly consent: Readonly<Record<string, ConsentStatus>>;
};

/** Where a person stands on every channel and purpose that a statement is about. */
export function standingAfter(
  { kind, request }: Statement,
  state: ContactPointState,
  now: number,
): Readonly<Record<string, Standing>> {
  const channels = Channel.options.filter(
    (channel) => request.channel === 'ALL' || request.channel === channel,
  );
  const about = kind === 'consent' ? request.purpose : 'ALL';
  const purposes = Purpose.options.filter((purpose) => about === 'ALL' || about === purpose);
  const seller = request.seller === '*' ? undefined : request.seller;
  return Object.fromEntries(
    channels.map((channel) => {
      const consent = purposes.map((purpose) => {
        const { status } = consentPosition(state, { channel, purpose, seller }, now);
        return [purpose, status] as const;
      });
      const scope = { channel, purpose: 'MARKETING' as const, seller };
      const suppressed = standingSuppressions(state, scope, now).length > 0;
      return [channel, { suppressed, consent: Object.fromEntries(consent) }] as const;
    }),
  );
}
