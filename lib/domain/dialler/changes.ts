import { createHash } from 'node:crypto';
import * as z from 'zod';
import { isToken, type Token } from '../contact-point/token.ts';
import { EpochMs } from '../vocabulary.ts';

const AToken = z.string().refine(isToken, 'expected the token of a contact point');

/** That something was said of a contact point which diallers must hear of; what it was is read when they are told. */
export const Change = z.object({
  token: AToken,
  /** When it was recorded: from then on the dialler is late. */
  since: EpochMs,
});
export type Change = z.infer<typeof Change>;

/** A message to one dialler. */
export const Changes = z.object({ changes: z.array(Change).min(1) });
export type Changes = z.infer<typeof Changes>;

/** Few enough for one message of 256 KB and for one strongly consistent read. */
export const CHANGES_PER_MESSAGE = 100;
/** Few, so that a second's changes are few messages: a dialler takes hundreds in a call, and few calls a second. */
const LANES = 4;

/** A change as it is marked on its contact point: the mark goes only if nothing was said since. */
export type MarkedChange = Change & { readonly version: number };

/** Changes of one lane go one after the other, of several side by side; a contact point is in one lane for ever. */
export function laneOf(token: Token): string {
  return String(createHash('sha256').update(token).digest().readUInt8(0) % LANES);
}

/** Messages for one dialler, each with changes of one lane, each contact point once with the first of its times. */
export function messagesOf(
  changes: readonly Change[],
): readonly { readonly lane: string; readonly changes: readonly Change[] }[] {
  return [...Map.groupBy(onceEach(changes), ({ token }) => laneOf(token))].flatMap(([lane, all]) =>
    Array.from({ length: Math.ceil(all.length / CHANGES_PER_MESSAGE) }, (_, at) => ({
      lane,
      changes: all.slice(at * CHANGES_PER_MESSAGE, (at + 1) * CHANGES_PER_MESSAGE),
    })),
  );
}

/** Each contact point once, since the first time that it waits. */
export function onceEach(changes: readonly Change[]): readonly Change[] {
  const byToken = Map.groupBy(changes, ({ token }) => token);
  return [...byToken].map(([token, all]) => ({ token, since: Math.min(...all.map(({ since }) => since)) }));
}
