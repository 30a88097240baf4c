import { sha256Hex } from '../../lib/domain/canonical-json.ts';
import { Entry, type SubjectFacts } from '../../lib/domain/log/entry.ts';
import type { Fact } from '../../lib/domain/state/facts.ts';
import { EMPTY_STATE } from '../../lib/domain/state/state.ts';
import { decisionEntry, factEntry, token, uuid } from './entries.ts';
import { consent, DAY_MS, hold, review, suppression } from './facts.ts';
import { logOf, type QueryLog } from './log-files.ts';
import { INCIDENT_STEPS } from './query-log-incidents.ts';

const at = (text: string): number => Date.parse(`2026-11-${text}Z`);
let made = 0;
const REGISTRY_VERSION = at('15T00:00:00');

type Decided = {
  readonly of: number;
  readonly at: number;
  readonly reasons?: readonly (readonly [string, string])[];
  readonly zones?: readonly string[];
  readonly versionAt?: number;
  readonly listed?: boolean;
  readonly contact?: object;
  readonly more?: object;
};

function decided({ of, at, reasons = [], contact = {}, more = {}, ...known }: Decided): Entry {
  made += 1;
  const effect = reasons.length === 0 ? ('ALLOW' as const) : ('BLOCK' as const);
  const grounds = reasons.map(([code, ruleId]) => ({ code, ruleId }));
  const facts: SubjectFacts = {
    token: token(of),
    country: 'US',
    regions: ['US-NY'],
    areaCode: '212',
    timeZones: [...(known.zones ?? ['America/New_York'])],
    registries: [
      {
        registry: 'us-national',
        listed: known.listed ?? false,
        versionAt: known.versionAt ?? REGISTRY_VERSION,
        areaCodes: 'ALL',
      },
    ],
    state: EMPTY_STATE,
    effect,
    reasons: grounds,
  };
  return decisionEntry({
    n: made,
    at,
    effect,
    reasons: grounds,
    subjects: [token(of)],
    facts: [facts],
    contact: { channel: 'VOICE', purpose: 'MARKETING', seller: 'acme', campaignId: 'spring', ...contact },
    ...more,
  });
}

function recorded(of: number, at: number, fact: Fact): Entry {
  made += 1;
  return factEntry({ n: made, at, subjects: [token(of)], fact });
}

const stop = (of: number, at: number, given: Parameters<typeof suppression>[0] = {}): Entry =>
  recorded(
    of,
    at,
    suppression({ effectiveAt: at - 1500, receivedAt: at - 1000, eventId: `stop-${of}`, ...given }),
  );
const agreed = (of: number, at: number, given: Parameters<typeof consent>[0] = {}): Entry =>
  recorded(
    of,
    at,
    consent({ seller: 'acme', effectiveAt: at, receivedAt: at, eventId: `consent-${of}`, ...given }),
  );
const held = (of: number, at: number, action: 'PLACED' | 'RELEASED', by: string): Entry =>
  recorded(of, at, hold({ action, caseId: `case-${of}`, by, at }));

function other(at: number, rest: object): Entry {
  made += 1;
  return Entry.parse({ id: uuid(made, at), at: new Date(at).toISOString(), subjects: [], ...rest });
}

const SCRUBBED = {
  kind: 'scrub',
  profile: 'us-leads',
  contact: { channel: 'VOICE', purpose: 'MARKETING', seller: 'acme', campaignId: 'spring' },
  policy: { name: 'policy-1', hash: sha256Hex('policy 1') },
  registries: [{ registry: 'us-national', versionAt: REGISTRY_VERSION, areaCodes: ['212', '718'] }],
};
const LISTED = [
  ['REGISTRY_LISTED', 'us-national-registry'],
  ['CONSENT_MISSING', 'us-automated-consent'],
] as const;
const SUPPRESSED = [['SUPPRESSED', 'company-do-not-contact']] as const;
const LATE = [['OUTSIDE_CALLING_HOURS', 'us-calling-hours']] as const;

/** Three days of a log in which each saved query finds something, and next to it something that it must not find. */
export const LOG: QueryLog = logOf([
  other(at('18T02:00:00'), {
    kind: 'registry',
    registry: 'us-national',
    versionAt: REGISTRY_VERSION,
    accessedAt: at('16T06:00:00'),
    subscriptionId: 'san-1',
    areaCodes: ['212', '718'],
    numbers: 1234,
    snapshotKey: 'us-national/2026-11-15.snapshot',
    snapshotSha256: sha256Hex('snapshot'),
  }),
  decided({ of: 1, at: at('18T15:00:00') }),
  decided({ of: 2, at: at('18T15:00:05'), reasons: LISTED, listed: true }),
  stop(1, at('18T15:01:00'), { seller: 'acme' }),
  decided({ of: 1, at: at('18T15:02:00'), reasons: SUPPRESSED }),
  // Made on the 18th, logged on the 19th.
  decided({
    of: 3,
    at: at('18T23:59:59.900'),
    reasons: LATE,
    more: { nextAllowedAt: '2026-11-19T13:00:00.000Z' },
  }),

  stop(4, at('19T10:00:00'), {
    source: 'LETTER',
    reason: 'OBJECTION',
    channel: 'ALL',
    effectiveAt: at('17T09:00:00'),
    receivedAt: at('19T09:59:00'),
  }),
  stop(5, at('19T10:05:00'), { effectiveAt: at('19T10:03:59.999'), receivedAt: at('19T10:04:30') }),
  stop(6, at('19T10:06:00'), { effectiveAt: at('19T10:05:00'), receivedAt: at('19T10:05:30') }),
  held(7, at('19T11:00:00'), 'PLACED', 'legal-1'),
  decided({
    of: 7,
    at: at('19T11:30:00'),
    reasons: [['LITIGATION_HOLD', 'litigation-hold'], ...SUPPRESSED],
    contact: { campaignId: 'autumn' },
    more: { legalAlert: 'SENT' },
  }),
  held(7, at('19T12:00:00'), 'RELEASED', 'legal-1'),
  held(7, at('19T12:01:00'), 'RELEASED', 'legal-2'),
  decided({ of: 7, at: at('19T13:10:00') }),
  held(8, at('19T11:10:00'), 'PLACED', 'legal-1'),
  held(8, at('19T11:20:00'), 'RELEASED', 'legal-1'),
  held(8, at('19T11:21:00'), 'RELEASED', 'legal-1'),
  decided({ of: 8, at: at('19T13:30:00') }),

  ...[9, 10].map((of) => stop(of, at('19T14:00:00'), { seller: 'acme' })),
  stop(11, at('19T14:00:01'), { channel: 'SMS' }),
  stop(12, at('19T14:00:02'), { seller: 'bravo' }),
  stop(13, at('19T14:00:03'), { expiresAt: at('19T14:10:00') }),
  agreed(10, at('19T14:20:00')),
  ...[9, 10, 11, 12, 13].map((of) => decided({ of, at: at('19T14:30:00') + of })),
  // Not marketing: an opt-out from marketing is no bar.
  decided({ of: 9, at: at('19T14:31:00'), contact: { purpose: 'SERVICE' } }),

  agreed(14, at('19T15:00:00'), { expiresAt: at('20T12:00:00') + 10 * DAY_MS }),
  agreed(15, at('19T15:01:00'), { expiresAt: at('20T12:00:00') + 10 * DAY_MS }),
  agreed(15, at('19T15:02:00'), { status: 'WITHDRAWN' }),
  agreed(16, at('19T15:03:00'), { expiresAt: at('20T12:00:00') + 30 * DAY_MS }),
  agreed(17, at('19T15:04:00'), { expiresAt: at('20T12:00:00') - 1 }),
  agreed(17, at('19T15:05:00'), { expiresAt: at('20T12:00:00') }),
  decided({ of: 14, at: at('19T16:00:00') }),
  decided({ of: 14, at: at('19T16:05:00'), contact: { channel: 'SMS' } }),
  other(at('19T17:00:00'), { kind: 'parked', eventId: 'event-x', cause: 'NO_NUMBER', suppressed: 0 }),
  other(at('19T17:01:00'), { kind: 'parked', cause: 'WRONG_REGION', suppressed: 1 }),

  decided({ of: 21, at: at('20T01:59:59.999'), zones: ['America/New_York', 'America/Los_Angeles'] }),
  decided({ of: 22, at: at('20T02:00:00'), zones: ['America/New_York', 'America/Los_Angeles'] }),
  decided({ of: 22, at: at('20T02:00:01'), contact: { channel: 'EMAIL' } }),
  decided({ of: 23, at: at('20T12:59:59.999') }),
  decided({ of: 24, at: at('20T13:00:00') }),
  decided({ of: 25, at: at('20T13:30:00'), versionAt: at('20T13:30:00') - 31 * DAY_MS }),
  decided({ of: 26, at: at('20T13:30:01'), versionAt: at('20T13:30:01') - 31 * DAY_MS - 1 }),
  decided({
    of: 27,
    at: at('20T13:30:02'),
    versionAt: at('20T13:30:02') - 40 * DAY_MS,
    reasons: [['REGISTRY_STALE', 'us-national-registry']],
  }),
  ...(['UNREADABLE_INPUT', 'UNAVAILABLE', 'UNAVAILABLE'] as const).map((code, n) =>
    decided({
      of: 30,
      at: at('20T14:00:00') + n,
      reasons: [[code, '']],
      more: { subjects: [], facts: [], contact: {}, client: 'dialler-2' },
    }),
  ),
  decided({ of: 18, at: at('20T14:25:59.999') }),
  decided({ of: 18, at: at('20T14:26:00') }),
  decided({
    of: 18,
    at: at('20T14:31:10'),
    reasons: [...LATE, ...SUPPRESSED],
    more: { policy: { name: 'policy-2', hash: sha256Hex('policy 2') } },
  }),
  decided({ of: 19, at: at('20T14:31:11') }),
  decided({ of: 18, at: at('20T14:36:00.001'), reasons: SUPPRESSED }),
  ...[31, 32].map((of, n) =>
    stop(of, at('20T15:00:00') + n, {
      reason: 'PROVISIONAL',
      source: 'SMS_KEYWORD',
      reviewId: `review-${of}`,
    }),
  ),
  recorded(
    31,
    at('20T16:00:00'),
    review({ reviewId: 'review-31', outcome: 'OPT_OUT', at: at('20T16:00:00') }),
  ),
  other(at('20T17:00:00'), {
    ...SCRUBBED,
    jobId: 'job-1',
    inputSha256: sha256Hex('list 1'),
    outcome: 'SCRUBBED',
    counts: {
      rows: 10,
      approved: 6,
      rejected: 3,
      quarantined: 1,
      otherRegion: 0,
      'REJECTED.SUPPRESSED': 2,
      'REJECTED.REGISTRY_LISTED': 1,
      'QUARANTINED.TOO_SHORT': 1,
    },
    watermark: '2026-11-20T16:59:58.000Z',
    evidence: { key: 'evidence/job-1', sha256: sha256Hex('e'), merkleRoot: sha256Hex('m'), rows: 10 },
  }),
  other(at('20T18:00:00'), {
    ...SCRUBBED,
    jobId: 'job-2',
    outcome: 'SCRUBBED',
    counts: { rows: 5, approved: 4, rejected: 1, quarantined: 0, otherRegion: 0, 'REJECTED.SUPPRESSED': 1 },
    watermark: '2026-11-20T17:59:58.000Z',
  }),
  other(at('20T18:30:00'), {
    ...SCRUBBED,
    jobId: 'job-3',
    outcome: 'REJECTED',
    cause: 'HEADER_ONLY',
    counts: {},
    watermark: '2026-11-20T18:29:58.000Z',
  }),
  other(at('20T19:00:00'), {
    kind: 'erasure',
    subjects: [token(33)],
    reason: 'CONSENT_WITHDRAWN',
    by: 'officer-2',
    caseId: 'case-33',
    erasedAt: at('20T18:59:59'),
    destroyed: { dataKey: true, suppressions: 2, consents: 1, events: 0, reviews: 0, attempts: 4 },
    kept: { suppressions: 1, endedHolds: 0 },
  }),
  other(at('20T20:35:00'), {
    kind: 'coverage',
    subjects: [token(34), token(35)],
    from: '2026-11-20T19:00:00.000Z',
    to: '2026-11-20T20:00:00.000Z',
    windowMs: 300_000,
    counts: { COVERED: 7, NO_DECISION: 1, BLOCKED: 1, UNREADABLE: 0, WRONG_REGION: 2 },
    channels: { VOICE: { COVERED: 7, NO_DECISION: 1, BLOCKED: 1, UNREADABLE: 0, WRONG_REGION: 2 } },
    leftOut: { own: 3, consults: 1 },
    campaigns: [
      { campaignId: 'spring', contacts: 9, covered: 7, gaps: 2 },
      { contacts: 2, covered: 0, gaps: 0 },
    ],
    gaps: [
      {
        ...{ gapId: 'talk-34.leg', conversationId: 'talk-34', campaignId: 'spring', token: token(34) },
        ...{ channel: 'VOICE', at: '2026-11-20T19:10:00.000Z', outcome: 'NO_DECISION' },
      },
      {
        ...{ gapId: 'talk-35.leg', conversationId: 'talk-35', campaignId: 'spring', token: token(35) },
        ...{ channel: 'VOICE', at: '2026-11-20T19:20:00.000Z', outcome: 'BLOCKED' },
      },
    ],
  }),
  other(at('20T20:45:00'), {
    kind: 'coverage-judgement',
    subjects: [token(35)],
    ...{ gapId: 'talk-35.leg', conversationId: 'talk-35', outcome: 'BLOCKED' },
    ...{ by: 'officer-3', reason: 'breach' },
  }),
  ...INCIDENT_STEPS.map(([when, rest]) => other(at(when), rest)),
]);
