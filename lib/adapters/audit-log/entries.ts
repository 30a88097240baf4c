import { ComplianceError } from '../../domain/errors.ts';
import { readLine } from '../../domain/log/batch.ts';
import type { DecisionEntry } from '../../domain/log/entry.ts';
import type { PlacedEntry } from '../../domain/log/explain.ts';
import type { LogObjects, PendingEntries } from '../../domain/log/log-ports.ts';
import { timeOfUuid } from '../../domain/log/uuid-time.ts';

/** Where entries are: in the log, or waiting for it. */
export type EntrySources = {
  readonly pending: Pick<PendingEntries, 'collect'>;
  readonly objects: Pick<LogObjects, 'lines'>;
};

export type PlacedDecision = PlacedEntry & { readonly entry: DecisionEntry };

/** Whatever waits, without a limit. */
export const EVERYTHING = { entries: Number.POSITIVE_INFINITY, size: Number.POSITIVE_INFINITY };
/** By how much the clock that made an id may be ahead of the clock that named the objects. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** Lines are canonical JSON, so that every decision's has this text, and few others. */
const DECISION = '"kind":"decision"';
/** Whatever has the form of a token, in a line of the log. */
export const TOKENS = /p\d+\.[\w-]{43}/g;

/**
 * The entries of the log, in order, whose line `matches`, from the object on that can hold one made at `since` (epoch
 * milliseconds).
 *
 * @throws ComplianceError LOG_LINE_UNREADABLE at a line that is no entry.
 */
export async function* loggedEntries(
  objects: EntrySources['objects'],
  matches: (line: string) => boolean,
  since?: number,
): AsyncGenerator<PlacedEntry, undefined> {
  for await (const line of objects.lines(since)) {
    if (!matches(line)) continue;
    const read = readLine(line);
    if (read === undefined) throw unreadableLine();
    const { index, ...entry } = read;
    yield { entry, index };
  }
  return undefined;
}

/** The logged decisions made at `since` (epoch milliseconds) or later, in the log's order. */
export async function* decisionsSince(
  objects: EntrySources['objects'],
  since: number,
): AsyncGenerator<PlacedDecision, undefined> {
  const decisions = loggedEntries(objects, (line) => line.includes(DECISION), since);
  for await (const { entry, ...place } of decisions) {
    if (entry.kind === 'decision' && Date.parse(entry.at) >= since) yield { entry, ...place };
  }
  return undefined;
}

/** Moments, epoch milliseconds: from `since` on, until `until`. */
export type Span = { readonly since: number; readonly until: number };

/**
 * The logged decisions made in a span of which everything is in the log, about contact points that `isMeant`. The log is
 * read from its start on until nothing of it can follow: a writer that was behind takes the oldest first.
 *
 * @throws ComplianceError LOG_LINE_UNREADABLE at a line that is no entry.
 */
export async function* decisionsWithin(
  objects: Pick<LogObjects, 'texts'>,
  { since, until }: Span,
  isMeant: (token: string) => boolean,
): AsyncGenerator<DecisionEntry, undefined> {
  for await (const text of objects.texts(since)) {
    const decisions = text
      .split('\n')
      .filter((line) => line.includes(DECISION))
      .map((line) => ({ line, at: timeOfLine(line) }));
    for (const { line, at } of decisions) {
      if (at < since || at > until || !(line.match(TOKENS) ?? []).some(isMeant)) continue;
      const entry = readLine(line);
      if (entry === undefined) throw unreadableLine();
      if (entry.kind === 'decision') yield entry;
    }
    if (decisions.length > 0 && decisions.every(({ at }) => at > until + CLOCK_SKEW_MS)) return undefined;
  }
  return undefined;
}

// Canonical JSON: the time of a decision comes first.
const LINE_BEGINS = '{"at":"';

function timeOfLine(line: string): number {
  const end = line.indexOf('"', LINE_BEGINS.length);
  const at = line.startsWith(LINE_BEGINS) ? Date.parse(line.slice(LINE_BEGINS.length, end)) : Number.NaN;
  if (Number.isNaN(at)) throw unreadableLine();
  return at;
}

function unreadableLine(): ComplianceError {
  return new ComplianceError({
    code: 'LOG_LINE_UNREADABLE',
    message: 'expected an entry in the log, got another line',
  });
}

/** One decision by its id, logged or waiting; undefined if none is recorded. Reads the log from its time on. */
export async function findDecision(
  { pending, objects }: EntrySources,
  decisionId: string,
): Promise<PlacedDecision | undefined> {
  const { entries: waiting } = await pending.collect(EVERYTHING);
  const made = timeOfUuid(decisionId);
  const since = made === undefined ? undefined : made - CLOCK_SKEW_MS;
  const logged = loggedEntries(objects, (line) => line.includes(JSON.stringify(decisionId)), since);
  for await (const { entry, ...place } of logged) {
    if (entry.kind === 'decision' && entry.decisionId === decisionId) return { entry, ...place };
  }
  for (const { entry } of waiting) {
    if (entry.kind === 'decision' && entry.decisionId === decisionId) return { entry };
  }
  return undefined;
}
