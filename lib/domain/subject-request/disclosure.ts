import { reportLine } from '../csv-report.ts';
import type { DecisionEntry } from '../log/entry.ts';
import type { ContactPointExplanation, TimelineItem } from '../log/explain.ts';
import type { Standing } from '../log/standing.ts';

/** Everything that is held about one contact point, as its person is told it: GDPR Art 15(1), 20(1). */
export type Disclosure = {
  /** `tel:` or `mailto:`, as it is kept; absent where only a token is. */
  readonly contactPoint?: string;
  readonly token: string;
  readonly erasedAt?: string;
  readonly statements: Pick<Standing, 'suppressions' | 'consents' | 'events'>;
  readonly decisions: readonly DisclosedDecision[];
  /** What else was recorded, and when. */
  readonly history: readonly { readonly at: string; readonly what: string; readonly entryId: string }[];
};

export type DisclosedDecision = {
  readonly decisionId: string;
  readonly at: string;
  readonly effect: string;
  readonly channel?: string | undefined;
  readonly purpose?: string | undefined;
  readonly seller?: string | undefined;
  readonly campaignId?: string | undefined;
  readonly reasons: readonly string[];
};

export type Disclosed = {
  readonly disclosure: Disclosure;
  /** How many things were left out for the sake of legal claims: told to the officer, who decides, not to the person. */
  readonly withheld: number;
};

const HOLD_REASON = 'LITIGATION_HOLD';

/**
 * What a person is told of one of their contact points. Litigation holds are left out, and what came of them: they are
 * about a claim, and telling could harm it (Art 15(4), 23(1)(j)).
 *
 * @param clear the clear value, where it is kept.
 */
export function disclose(explanation: ContactPointExplanation, clear: string | undefined): Disclosed {
  const { token, erasedAt, standing, timeline } = explanation;
  const { suppressions, consents, events } = standing;
  const shown = timeline.filter(({ entry }) => !isAboutHold(entry));
  const decisions = shown.flatMap((item) => (item.entry.kind === 'decision' ? [decision(item.entry)] : []));
  const reasonsLeftOut = timeline.filter(
    ({ entry }) => entry.kind === 'decision' && entry.reasons.some(({ code }) => code === HOLD_REASON),
  );
  return {
    disclosure: {
      ...(clear === undefined ? {} : { contactPoint: clear }),
      token,
      ...(erasedAt === undefined ? {} : { erasedAt }),
      statements: { suppressions, consents, events },
      decisions,
      history: shown.flatMap(historyOf),
    },
    withheld: timeline.length - shown.length + reasonsLeftOut.length,
  };
}

function isAboutHold(entry: TimelineItem['entry']): boolean {
  return entry.kind === 'fact' && entry.fact.kind === 'hold';
}

function decision({ decisionId, at, effect, contact, reasons }: DecisionEntry): DisclosedDecision {
  const { channel, purpose, seller, campaignId } = contact;
  const codes = reasons.map(({ code }) => code).filter((code) => code !== HOLD_REASON);
  return { decisionId, at, effect, channel, purpose, seller, campaignId, reasons: [...new Set(codes)] };
}

function historyOf({ at, entry }: TimelineItem): Disclosure['history'] {
  if (entry.kind === 'decision') return [];
  const what = entry.kind === 'fact' ? entry.fact.kind : entry.kind;
  return [{ at, what, entryId: entry.id }];
}

/** Rows of one CSV file; every row has the columns of the first. */
export type Table = { readonly name: string; readonly rows: readonly Readonly<Record<string, string>>[] };

/** The same as tables, for those who read CSV: one of statements, one of decisions. */
export function tablesOf(disclosures: readonly Disclosure[]): readonly Table[] {
  return [
    { name: 'statements', rows: disclosures.flatMap(statementRows) },
    { name: 'decisions', rows: disclosures.flatMap(decisionRows) },
  ];
}

/** A table as a CSV file; empty without rows. */
export function csvOf({ rows }: Table): string {
  const columns = Object.keys(rows[0] ?? {});
  const cells = rows.map((row) => columns.map((column) => row[column] ?? ''));
  return rows.length === 0 ? '' : [columns, ...cells].map(reportLine).join('');
}

function statementRows({ contactPoint, token, statements }: Disclosure): Table['rows'] {
  const { suppressions, consents, events } = statements;
  const row = (kind: string, said: string, fields: Partial<Record<(typeof COLUMNS)[number], string>>) => ({
    contactPoint: contactPoint ?? token,
    kind,
    said,
    ...Object.fromEntries(COLUMNS.map((name) => [name, fields[name] ?? ''])),
  });
  return [
    ...suppressions.map((each) => row('suppression', each.reason, each)),
    ...consents.map((each) => row('consent', each.said, each)),
    ...events.map(({ event, at, ...each }) => row('event', event, { ...each, effectiveAt: at })),
  ];
}

const COLUMNS = ['channel', 'purpose', 'seller', 'source', 'effectiveAt', 'receivedAt', 'expiresAt'] as const;

function decisionRows({ contactPoint, token, decisions }: Disclosure): Table['rows'] {
  return decisions.map(({ reasons, ...each }) => ({
    contactPoint: contactPoint ?? token,
    at: each.at,
    channel: each.channel ?? '',
    purpose: each.purpose ?? '',
    seller: each.seller ?? '',
    campaignId: each.campaignId ?? '',
    effect: each.effect,
    reasons: reasons.join(' '),
    decisionId: each.decisionId,
  }));
}
