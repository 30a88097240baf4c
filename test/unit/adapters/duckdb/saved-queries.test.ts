import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAVED_QUERIES } from '../../../../lib/domain/audit-queries/saved-queries.ts';
import { sha256Hex } from '../../../../lib/domain/canonical-json.ts';
import { token } from '../../../support/entries.ts';
import { openQueryDatabase, type QueryDatabase, type Row } from '../../../support/query-database.ts';
import { LOG } from '../../../support/query-log.ts';

let open: QueryDatabase;
beforeAll(async () => {
  open = await openQueryDatabase();
});
afterAll(() => open.close());

/** Rows of some columns, as texts: `t7` for the token of number 7, times of November without year and month. */
function brief(rows: readonly Row[], columns: string): string[] {
  const names = new Map(Array.from({ length: 40 }, (_, n) => [token(n), `t${n}`]));
  const cell = (value: unknown): string =>
    names.get(String(value)) ?? String(value).replace(/^2026-11-(\d\dT[\d:]{8})(?:\.000)?(\.\d+)?Z$/, '$1$2');
  return rows.map((row) =>
    columns
      .split(' ')
      .map((name) => cell(row[name]))
      .join(' '),
  );
}

/** What each query finds in the log of test/support/query-log.ts, reckoned by reading that. */
const FOUND: Readonly<Record<string, { readonly columns: string; readonly rows: readonly string[] }>> = {
  'blocked-by-the-system': {
    columns: 'log_day reason client decisions',
    rows: ['2026-11-20 UNAVAILABLE dialler-2 2', '2026-11-20 UNREADABLE_INPUT dialler-2 1'],
  },
  'blocked-by-time': {
    columns: 'log_day campaign_id reason rule_id decisions earliest_next_at',
    rows: [
      '2026-11-19 spring OUTSIDE_CALLING_HOURS us-calling-hours 1 19T13:00:00',
      '2026-11-20 spring OUTSIDE_CALLING_HOURS us-calling-hours 1 null',
    ],
  },
  'allowed-outside-hours': {
    columns: 'made_at token time_zone local_time',
    rows: [
      '20T02:00:00 t22 America/New_York 19T21:00:00',
      '20T12:59:59.999 t23 America/New_York 20T07:59:59.999',
    ],
  },
  'allowed-contacts-of-a-number': {
    columns: 'made_at channel purpose seller campaign_id',
    rows: ['20T14:25:59.999 VOICE MARKETING acme spring', '20T14:26:00 VOICE MARKETING acme spring'],
  },
  'decisions-around-a-moment': {
    columns: 'made_at effect place reason rule_id',
    rows: [
      '20T14:26:00 ALLOW null null null',
      '20T14:31:10 BLOCK 1 OUTSIDE_CALLING_HOURS us-calling-hours',
      '20T14:31:10 BLOCK 2 SUPPRESSED company-do-not-contact',
    ],
  },
  'history-of-a-number': {
    columns: 'made_at kind what detail channel',
    rows: [
      '20T14:25:59.999 decision ALLOW null VOICE',
      '20T14:26:00 decision ALLOW null VOICE',
      '20T14:31:10 decision BLOCK OUTSIDE_CALLING_HOURS VOICE',
      '20T14:36:00.001 decision BLOCK SUPPRESSED VOICE',
    ],
  },
  'slow-opt-outs': {
    columns: 'made_at token source event_id to_dialguard_ms to_effect_ms',
    rows: [
      `19T10:00:00 t4 LETTER stop-4 ${49 * 3_600_000 - 60_000} 60000`,
      '19T10:05:00 t5 WEBSITE_FORM stop-5 30001 30000',
    ],
  },
  'allowed-after-opt-out': {
    columns: 'made_at token channel opt_out_event opted_out_at',
    rows: ['19T14:30:00.009 t9 VOICE stop-9 19T14:00:00'],
  },
  'parked-opt-outs': {
    columns: 'made_at event_id cause suppressed',
    rows: ['19T17:00:00 event-x NO_NUMBER 0', '19T17:01:00 null WRONG_REGION 1'],
  },
  'messages-in-doubt': {
    columns: 'made_at token review_id outcome reviewed_by reviewed_at',
    rows: [
      '20T15:00:00 t31 review-31 OPT_OUT officer-1 20T16:00:00',
      '20T15:00:00.001 t32 review-32 null null null',
    ],
  },
  'consents-used': {
    columns: 'made_at token channel proof_text contacts_since',
    rows: [
      '19T14:20:00 t10 VOICE web-2026-03 1',
      '19T15:00:00 t14 VOICE web-2026-03 1',
      ...['19T15:01:00 t15', '19T15:03:00 t16', '19T15:04:00 t17', '19T15:05:00 t17'].map(
        (start) => `${start} VOICE web-2026-03 0`,
      ),
    ],
  },
  'attempts-against-holds': {
    columns: 'made_at channel campaign_id client legal_alert',
    rows: ['19T11:30:00 VOICE autumn dialler-1 SENT'],
  },
  'holds-changed': {
    columns: 'made_at case_id token hold_action recorded_by',
    rows: [
      '19T11:00:00 case-7 t7 PLACED legal-1',
      '19T11:10:00 case-8 t8 PLACED legal-1',
      '19T11:20:00 case-8 t8 RELEASED legal-1',
      '19T11:21:00 case-8 t8 RELEASED legal-1',
      '19T12:00:00 case-7 t7 RELEASED legal-1',
      '19T12:01:00 case-7 t7 RELEASED legal-2',
    ],
  },
  'allowed-under-hold': {
    columns: 'made_at token case_id releases',
    rows: ['19T13:30:00 t8 case-8 1'],
  },
  'registry-versions-in-use': {
    columns: 'log_day registry version_at decisions found_listed',
    rows: [
      '2026-11-18 us-national 15T00:00:00 3 1',
      '2026-11-19 us-national 15T00:00:00 12 0',
      '2026-11-20 us-national 2026-10-11T13:30:02.000Z 1 0',
      '2026-11-20 us-national 2026-10-20T13:30:00.000Z 1 0',
      '2026-11-20 us-national 2026-10-20T13:30:00.999Z 1 0',
      '2026-11-20 us-national 15T00:00:00 10 0',
    ],
  },
  'stale-registry-decisions': {
    columns: 'made_at effect registry version_at',
    rows: [
      '20T13:30:01 ALLOW us-national 2026-10-20T13:30:00.999Z',
      '20T13:30:02 BLOCK us-national 2026-10-11T13:30:02.000Z',
    ],
  },
  'registry-imports': {
    columns: 'made_at registry version_at accessed_at subscription_id numbers snapshot_sha256',
    rows: [`18T02:00:00 us-national 15T00:00:00 16T06:00:00 san-1 1234 ${sha256Hex('snapshot')}`],
  },
  scrubs: {
    columns:
      'made_at job_id profile campaign_id outcome cause row_count approved rejected quarantined other_region',
    rows: [
      '20T17:00:00 job-1 us-leads spring SCRUBBED null 10 6 3 1 0',
      '20T18:00:00 job-2 us-leads spring SCRUBBED null 5 4 1 0 0',
      '20T18:30:00 job-3 us-leads spring REJECTED HEADER_ONLY null null null null null',
    ],
  },
  'scrubs-by-outcome': {
    columns: 'log_day outcome cause lists list_rows approved',
    rows: ['2026-11-20 REJECTED HEADER_ONLY 1 null null', '2026-11-20 SCRUBBED null 2 15 10'],
  },
  'scrub-reasons': {
    columns: 'count_name list_rows lists',
    rows: ['REJECTED.SUPPRESSED 3 2', 'QUARANTINED.TOO_SHORT 1 1', 'REJECTED.REGISTRY_LISTED 1 1'],
  },
  'coverage-by-day': {
    columns: 'log_day hours_checked covered no_decision blocked unreadable wrong_region',
    rows: ['2026-11-20 1 7 1 1 0 2'],
  },
  'contacts-without-decision': {
    columns: 'contacted_at gap_id campaign_id token outcome judged_by reason',
    rows: [
      '20T19:10:00 talk-34.leg spring t34 NO_DECISION null null',
      '20T19:20:00 talk-35.leg spring t35 BLOCKED officer-3 breach',
    ],
  },
  incidents: {
    columns: 'made_at reference event state acted_by known_at risk clock authority notified_at',
    rows: [
      '20T21:00:00 SEC-17 REPORTED REPORTED soc-1 20T15:00:00 null null null null',
      '20T21:20:00 SEC-17 RELEASED NOTIFYING legal-1 20T15:00:00 HIGH null null null',
      '20T21:30:00 SEC-17 AUTHORITY_NOTIFIED NOTIFYING dpo-1 20T15:00:00 HIGH gdpr-authority bfdi 20T21:25:00',
    ],
  },
  'notice-texts': {
    columns: 'made_at template language channel template_version written_by approved_by approved_at',
    rows: [
      '20T21:05:00 breach de SMS 1 writer-1 legal-1 20T21:10:00',
      '20T21:15:00 breach de SMS 2 writer-1 null null',
    ],
  },
  erasures: {
    columns: 'made_at token reason erased_by case_id erased_at data_key_destroyed suppressions_kept',
    rows: ['20T19:00:00 t33 CONSENT_WITHDRAWN officer-2 case-33 20T18:59:59 true 1'],
  },
};

/** Each of these has a test of its own, in saved-query-counts.test.ts or below. */
const COUNTED = [
  ...['decisions-by-day', 'blocked-by-reason-and-day', 'decisions-by-campaign', 'rules-that-block'],
  ...['decisions-by-policy', 'most-contacted', 'opt-out-latency', 'revocations', 'consents-expiring'],
];

describe('the saved queries', () => {
  it.each(Object.entries(FOUND))(
    '%s finds what the log has, and nothing else',
    async (name, { columns, rows }) => {
      expect(brief(await open.saved(name), columns)).toEqual(rows);
    },
  );

  it.each(['2026-11-18 12:00:00', '2026-11-20 12:00:00', '2026-12-01 00:00:00'])(
    'consents-expiring asked at %s: the newest word on each, from that moment to 30 days on',
    async (moment) => {
      // Number 15 withdrew; the first consent of 17 was replaced.
      const ends = new Map([
        ['t17', Date.UTC(2026, 10, 20, 12)],
        ['t14', Date.UTC(2026, 10, 30, 12)],
        ['t16', Date.UTC(2026, 11, 20, 12)],
      ]);
      const from = Date.parse(`${moment.replace(' ', 'T')}Z`);
      const due = [...ends].filter(([, end]) => end >= from && end < from + 30 * 86_400_000);
      const found = await open.saved('consents-expiring', { moment });
      expect(brief(found, 'token')).toEqual(due.map(([name]) => name));
    },
  );

  it('each is tested, and names the entry that each of its rows is of', async () => {
    expect([...Object.keys(FOUND), ...COUNTED].sort()).toEqual(SAVED_QUERIES.map(({ name }) => name).sort());
    for (const { name } of SAVED_QUERIES) {
      for (const { entry_index, made_at, decision_id } of await open.saved(name)) {
        if (typeof entry_index !== 'number' || made_at === undefined) continue;
        const entry = LOG.placed[entry_index]?.entry;
        expect([name, made_at]).toEqual([name, entry?.at]);
        if (decision_id !== undefined && entry?.kind === 'decision')
          expect(decision_id).toBe(entry.decisionId);
      }
    }
  });

  it.each(SAVED_QUERIES)('$name keeps to the days that it is asked about', async ({ name }) => {
    expect(await open.saved(name, { since: '2026-11-21', until: '2026-12-31' })).toEqual([]);
    expect(await open.saved(name, { since: '2026-01-01', until: '2026-11-17' })).toEqual([]);
  });
});
