import { expect, test } from 'vitest';
import { isToken } from '../../../../lib/domain/contact-point/token.ts';
import type { Entry } from '../../../../lib/domain/log/entry.ts';
import { Entry as EntrySchema } from '../../../../lib/domain/log/entry.ts';
import { explainContactPoint, explainDecision } from '../../../../lib/domain/log/explain.ts';
import { readPending } from '../../../../lib/domain/log/pending.ts';
import { renderExplanation } from '../../../../lib/domain/log/render-explanation.ts';
import { EMPTY_STATE } from '../../../../lib/domain/state/state.ts';
import { decisionEntry, token, uuid } from '../../../support/entries.ts';
import { conversation, NOON, reassignment, relationship, stateOf } from '../../../support/facts.ts';

const HASH = 'a'.repeat(64);
const base = { id: uuid(1), at: '2026-11-20T15:00:00.000Z', subjects: [token(1)] };

const entries: readonly (readonly [Entry, string])[] = [
  [
    EntrySchema.parse({ kind: 'parked', cause: 'NO_NUMBER', suppressed: 1, ...base }),
    'event parked: NO_NUMBER; 1 suppressed',
  ],
  [
    EntrySchema.parse({
      kind: 'scrub',
      jobId: 'job-1',
      profile: 'spring',
      contact: {},
      inputSha256: HASH,
      outcome: 'SCRUBBED',
      counts: {},
      policy: { name: 'p', hash: HASH },
      registries: [],
      watermark: base.at,
      ...base,
    }),
    'scrub job-1: SCRUBBED',
  ],
  [
    EntrySchema.parse({
      kind: 'registry',
      registry: 'us-national',
      versionAt: NOON,
      accessedAt: NOON,
      areaCodes: 'ALL',
      numbers: 2,
      snapshotKey: 'x',
      snapshotSha256: HASH,
      ...base,
    }),
    'registry us-national: version of 2026-11-20 put into use',
  ],
  [
    EntrySchema.parse({
      kind: 'coverage',
      from: '2026-11-20T13:00:00.000Z',
      to: '2026-11-20T14:00:00.000Z',
      windowMs: 300_000,
      counts: { COVERED: 7, NO_DECISION: 1 },
      channels: {},
      leftOut: {},
      campaigns: [],
      gaps: [],
      ...base,
    }),
    'outbound contacts from 2026-11-20T13:00:00.000Z to 2026-11-20T14:00:00.000Z held against decisions: 7 COVERED, 1 NO_DECISION',
  ],
  [
    EntrySchema.parse({
      kind: 'coverage-judgement',
      gapId: 'talk-1.leg',
      conversationId: 'talk-1',
      outcome: 'NO_DECISION',
      by: 'officer-1',
      reason: 'test-call',
      ...base,
    }),
    'contact without a decision talk-1.leg (NO_DECISION): judged test-call by officer-1',
  ],
];

test.each(entries)('an entry of every kind is told in a line: $kind', (entry, line) => {
  const [of = ''] = entry.subjects;
  if (!isToken(of)) throw new Error('expected a token');
  const contactPoint = {
    token: of,
    version: 1,
    state: EMPTY_STATE,
    pendingCount: 0,
  };
  const explanation = explainContactPoint(contactPoint, [{ entry, index: 3 }], { policies: [], now: NOON });
  expect(renderExplanation(explanation)).toContain(`2026-11-20T15:00:00.000Z  ${line}  [entry 3]`);
});

test('a decision that nobody is named to have asked for, about a place that is not known', () => {
  const { client: _nobody, ...entry } = decisionEntry({ n: 1 });
  const facts = entry.facts.map(({ areaCode: _unknown, ...rest }) => ({ ...rest, timeZones: [] }));
  const listed = facts.map((fact) => ({
    ...fact,
    registries: fact.registries.map((one) => ({ ...one, listed: true })),
  }));
  const explanation = explainDecision({ entry: { ...entry, facts: listed }, index: 0 }, []);
  expect(explanation).not.toHaveProperty('client');
  const text = renderExplanation(explanation);
  expect(text).toContain('decided   2026-11-20T15:00:00.000Z\n');
  expect(text).toContain('country US\n');
  expect(text).toContain('time zones unknown');
  expect(text).toContain('2026-11-20: listed');
});

test('conversations, relationships and reassignments are told as facts and as what stands', () => {
  const facts = [conversation({ seller: '*' }), relationship({ event: 'INQUIRY' }), reassignment()];
  const [of = ''] = base.subjects;
  if (!isToken(of)) throw new Error('expected a token');
  const contactPoint = { token: of, version: 3, state: stateOf(...facts), pendingCount: 0 };
  const recorded = facts.map((fact, index) => ({
    entry: EntrySchema.parse({ kind: 'fact', fact, ...base, id: uuid(index + 1) }),
    index,
  }));
  const text = renderExplanation(explainContactPoint(contactPoint, recorded, { policies: [], now: NOON }));
  for (const line of [
    'conversation, every seller, from AGENT: last on 2026-11-20T15:00:00.000Z',
    'inquiry, seller acme, from AGENT: last on 2026-11-20T15:00:00.000Z',
    'reassigned yes, every seller, from AGENT: last on 2026-11-20T15:00:00.000Z',
    'conversation, every seller, from AGENT (event-1): effective 2026-11-20T15:00:00.000Z',
    'inquiry, acme, from AGENT (event-1): effective',
    'Reassigned Numbers Database answered YES, from AGENT (event-1): effective',
  ])
    expect(text).toContain(line);
});

test.each([undefined, 5, null, { S: '{}' }])('what waits as %j is no entry', (stored) => {
  expect(readPending({ home: token(1), id: uuid(1) }, stored)).toBeUndefined();
});
