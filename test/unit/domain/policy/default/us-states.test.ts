import { describe, expect, it } from 'vitest';
import { US_STATE_CONSENT } from '../../../../../lib/domain/policy/default/us-state-consent.ts';
import { US_STATES_A_TO_M } from '../../../../../lib/domain/policy/default/us-states-a-to-m.ts';
import { US_STATES_N_TO_Z } from '../../../../../lib/domain/policy/default/us-states-n-to-z.ts';
import type { Technology } from '../../../../../lib/domain/vocabulary.ts';
import { saidBy } from '../../../../support/by-rule.ts';
import { contextOf } from '../../../../support/contexts.ts';
import { consent, DAY_MS, stateOf } from '../../../../support/facts.ts';

const ZONES = { E: 'America/New_York', C: 'America/Chicago', M: 'America/Denver', P: 'America/Los_Angeles' };
// In the week of 16 November 2026 no clock changes.
const OFFSETS = { E: '-05:00', C: '-06:00', M: '-07:00', P: '-08:00' };
type Zone = keyof typeof ZONES;

type Contact = {
  readonly state: string;
  readonly zone: Zone;
  readonly at: string;
  readonly channel?: 'VOICE' | 'SMS';
  readonly technology?: Technology;
};

function contactAt({ state, zone, at, channel = 'VOICE', technology }: Contact) {
  return contextOf({
    subject: { country: 'US', regions: [`US-${state}`], timeZones: [ZONES[zone]] },
    scope: { channel, technology },
    now: Date.parse(at),
  });
}

const FRIDAY = '2026-11-20';
const SATURDAY = '2026-11-21';
const SUNDAY = '2026-11-22';

// Rule, zone, from, until on a Friday; hours of Saturday and Sunday where the rule names others ('' is shut).
const HOURS: readonly (readonly [string, Zone, string, string, string?, string?])[] = [
  ['us-al-hours', 'C', '08:00', '20:00'],
  ['us-ca-automated-hours', 'P', '09:00', '21:00'],
  ['us-ct-hours', 'E', '09:00', '20:00'],
  ['us-fl-hours', 'E', '08:00', '20:00'],
  ['us-il-hours', 'C', '08:00', '21:00'],
  ['us-in-automated-hours', 'E', '09:00', '20:00'],
  ['us-ky-hours', 'E', '10:00', '21:00'],
  ['us-la-hours', 'C', '08:00', '20:00'],
  ['us-ma-hours', 'E', '08:00', '20:00'],
  ['us-md-hours', 'E', '08:00', '20:00'],
  ['us-me-automated-hours', 'E', '09:00', '17:00', '', ''],
  ['us-mi-hours', 'E', '09:00', '21:00'],
  ['us-mn-hours', 'C', '09:00', '21:00'],
  ['us-ms-hours', 'C', '08:00', '20:00'],
  ['us-nc-hours', 'E', '08:00', '21:00'],
  ['us-ne-recorded-hours', 'C', '08:00', '21:00', '08:00-21:00', '13:00-21:00'],
  ['us-nj-hours', 'E', '08:00', '21:00'],
  ['us-nm-hours', 'M', '09:00', '21:00'],
  ['us-nv-hours', 'P', '09:00', '20:00'],
  ['us-ny-hours', 'E', '08:00', '21:00'],
  ['us-ok-hours', 'C', '08:00', '20:00'],
  ['us-ok-automated-hours', 'C', '09:00', '21:00'],
  ['us-or-hours', 'P', '08:00', '20:00'],
  ['us-pa-hours', 'E', '09:00', '19:00'],
  ['us-ri-hours', 'E', '09:00', '18:00', '10:00-17:00', ''],
  ['us-sc-hours', 'E', '08:00', '21:00'],
  ['us-sd-hours', 'C', '09:00', '21:00', '09:00-21:00', ''],
  ['us-sd-automated-hours', 'C', '09:00', '21:00', '', ''],
  ['us-tx-hours', 'C', '09:00', '21:00', '09:00-21:00', '12:00-21:00'],
  ['us-tx-text-hours', 'C', '09:00', '21:00', '09:00-21:00', '12:00-21:00'],
  ['us-ut-hours', 'M', '08:00', '21:00'],
  ['us-va-hours', 'E', '08:00', '21:00'],
  ['us-va-text-hours', 'E', '08:00', '21:00'],
  ['us-wa-hours', 'P', '08:00', '20:00'],
  ['us-wy-hours', 'M', '08:00', '20:00'],
];

const SUNDAYS = ['us-al-sundays', 'us-la-sundays', 'us-ms-sundays', 'us-pa-sundays', 'us-ut-sundays'];

const edges = HOURS.flatMap(([id, zone, from, until, saturday, sunday]) =>
  [
    { day: FRIDAY, hours: `${from}-${until}` },
    { day: SATURDAY, hours: saturday ?? `${from}-${until}` },
    { day: SUNDAY, hours: sunday ?? `${from}-${until}` },
  ].map((row) => ({ id, zone, ...row })),
);
const outside = { open: [], shut: ['OUTSIDE_CALLING_HOURS'] };

function hoursAsked(id: string, zone: Zone, at: string) {
  const state = id.slice(3, 5).toUpperCase();
  const channel = id.includes('text') ? 'SMS' : 'VOICE';
  return saidBy(id, contactAt({ state, zone, channel, at: `${at}${OFFSETS[zone]}` }));
}

describe('the hours of a state', () => {
  it.each(edges.filter(({ hours }) => hours !== ''))('$id on $day: $hours', ({ id, zone, day, hours }) => {
    const [from = '', until = ''] = hours.split('-');
    const secondBefore = (time: string) =>
      new Date(Date.parse(`${day}T${time}:00Z`) - 1000).toISOString().slice(0, 19);
    expect(hoursAsked(id, zone, secondBefore(from))).toEqual(outside.shut);
    expect(hoursAsked(id, zone, `${day}T${from}:00`)).toEqual(outside.open);
    expect(hoursAsked(id, zone, secondBefore(until))).toEqual(outside.open);
    expect(hoursAsked(id, zone, `${day}T${until}:00`)).toEqual(outside.shut);
  });

  it.each(edges.filter(({ hours }) => hours === ''))('$id on $day: never', ({ id, zone, day }) => {
    for (const hour of ['09', '12', '16'])
      expect(hoursAsked(id, zone, `${day}T${hour}:00:00`)).toEqual(outside.shut);
  });

  it.each([
    // El Paso: Mountain time opens last, Central time closes first.
    { id: 'us-tx-hours', state: 'TX', at: `${FRIDAY}T15:59:59Z`, shut: true },
    { id: 'us-tx-hours', state: 'TX', at: `${FRIDAY}T16:00:00Z`, shut: false },
    { id: 'us-tx-hours', state: 'TX', at: `${SATURDAY}T02:59:59Z`, shut: false },
    { id: 'us-tx-hours', state: 'TX', at: `${SATURDAY}T03:00:00Z`, shut: true },
    { id: 'us-ms-hours', state: 'MS', at: `${FRIDAY}T14:59:59Z`, shut: true },
    { id: 'us-ms-hours', state: 'MS', at: `${FRIDAY}T15:00:00Z`, shut: false },
    { id: 'us-ms-hours', state: 'MS', at: `${SATURDAY}T01:59:59Z`, shut: false },
    { id: 'us-ms-hours', state: 'MS', at: `${SATURDAY}T02:00:00Z`, shut: true },
  ])('$id holds in Central time and where the number is, at $at: $shut', ({ id, state, at, shut }) => {
    expect(saidBy(id, contactAt({ state, zone: 'M', at }))).toEqual(shut ? outside.shut : outside.open);
  });

  it.each(['us-ca', 'us-in', 'us-me', 'us-ok', 'us-sd', 'us-ne'])(
    '%s: the hours of machines bind no live call',
    (state) => {
      const [id = ''] = HOURS.map(([id]) => id).filter(
        (one) => one.startsWith(state) && /automated|recorded/.test(one),
      );
      const night = { state: state.slice(3).toUpperCase(), zone: 'C', at: `${FRIDAY}T05:00:00Z` } as const;
      expect(saidBy(id, contactAt({ ...night, technology: 'LIVE' }))).toEqual([]);
      expect(saidBy(id, contactAt({ ...night, technology: 'AUTOMATED' }))).toEqual(outside.shut);
      expect(saidBy(id, contactAt({ ...night, technology: 'PRERECORDED' }))).toEqual(outside.shut);
    },
  );

  it.each(['us-ky-hours', 'us-ma-hours', 'us-mn-hours', 'us-sd-hours', 'us-wy-hours'])(
    '%s is for consumers',
    (id) => {
      const at = { state: id.slice(3, 5).toUpperCase(), zone: 'E', at: `${FRIDAY}T05:00:00Z` } as const;
      const asked = (audience: 'CONSUMER' | 'BUSINESS') => {
        const context = contactAt(at);
        return saidBy(id, { ...context, scope: { ...context.scope, audience } });
      };
      expect([asked('CONSUMER'), asked('BUSINESS')]).toEqual([outside.shut, outside.open]);
    },
  );
});

describe('days of effect', () => {
  it.each([
    { id: 'us-pa-hours-before-act-47', at: '2026-10-17T23:59:59Z', asked: false },
    { id: 'us-pa-hours-before-act-47', at: '2026-10-17T11:59:59Z', asked: true },
    { id: 'us-pa-hours-before-act-47', at: '2026-10-18T11:59:59Z', asked: false },
    { id: 'us-pa-hours', at: '2026-10-17T23:30:00Z', asked: false },
    { id: 'us-pa-hours', at: '2026-10-18T23:30:00Z', asked: true },
    { id: 'us-pa-sundays', at: '2026-10-11T16:00:00Z', asked: false },
    { id: 'us-pa-sundays', at: '2026-10-18T16:00:00Z', asked: true },
    { id: 'us-or-hours', at: '2025-12-31T10:00:00Z', asked: false },
    { id: 'us-or-hours', at: '2026-01-01T10:00:00Z', asked: true },
    { id: 'us-va-text-hours', at: '2025-12-31T10:00:00Z', asked: false },
    { id: 'us-va-text-hours', at: '2026-01-01T10:00:00Z', asked: true },
    { id: 'us-fl-hours', at: '2021-06-30T10:00:00Z', asked: false },
    { id: 'us-fl-hours', at: '2021-07-01T10:00:00Z', asked: true },
    { id: 'us-md-hours', at: '2023-12-31T10:00:00Z', asked: false },
    { id: 'us-md-hours', at: '2024-01-01T10:00:00Z', asked: true },
    { id: 'us-ok-hours', at: '2022-10-31T10:00:00Z', asked: false },
    { id: 'us-ok-hours', at: '2022-11-01T10:00:00Z', asked: true },
    { id: 'us-tx-text-hours', at: '2025-08-31T10:00:00Z', asked: false },
    { id: 'us-tx-text-hours', at: '2025-09-01T10:00:00Z', asked: true },
  ])('$id at $at: $asked', ({ id, at, asked }) => {
    const channel = id.includes('text') ? 'SMS' : 'VOICE';
    const context = contactAt({ state: id.slice(3, 5).toUpperCase(), zone: 'E', at, channel });
    expect(saidBy(id, context).length > 0).toBe(asked);
  });
});

describe('days on which a state permits no contact', () => {
  it.each(SUNDAYS)('%s: from midnight to midnight', (id) => {
    const state = id.slice(3, 5).toUpperCase();
    const asked = (at: string) => saidBy(id, contactAt({ state, zone: 'C', at: `${at}-06:00` }));
    expect(asked(`${SATURDAY}T23:59:59`)).toEqual([]);
    expect(asked(`${SUNDAY}T00:00:00`)).toEqual(['DAY_NOT_PERMITTED']);
    expect(asked(`${SUNDAY}T23:59:59`)).toEqual(['DAY_NOT_PERMITTED']);
    expect(asked('2026-11-23T00:00:00')).toEqual([]);
  });

  it.each([
    { id: 'us-al-holidays', day: '2026-06-01', why: 'Jefferson Davis' },
    { id: 'us-la-holidays', day: '2026-04-03', why: 'Good Friday' },
    { id: 'us-pa-holidays', day: '2026-04-03', why: 'Good Friday' },
    { id: 'us-ri-holidays', day: '2026-08-10', why: 'Victory Day' },
    { id: 'us-ut-holidays', day: '2026-07-24', why: 'Pioneer Day' },
  ])('$id: $why, and not the days around it', ({ id, day }) => {
    const state = id.slice(3, 5).toUpperCase();
    const asked = (at: number) => saidBy(id, contactAt({ state, zone: 'C', at: new Date(at).toISOString() }));
    // Central daylight time: 05:00Z is midnight.
    const midnight = Date.parse(`${day}T05:00:00Z`);
    expect(asked(midnight - 1)).toEqual([]);
    expect(asked(midnight)).toEqual(['PUBLIC_HOLIDAY']);
    expect(asked(midnight + DAY_MS - 1)).toEqual(['PUBLIC_HOLIDAY']);
    expect(asked(midnight + DAY_MS)).toEqual([]);
  });

  it.each([
    // Thanksgiving and the day after, Central standard time; the days around them open at eight.
    { at: '2026-11-25T08:00:00', open: true },
    { at: '2026-11-26T12:59:59', open: false },
    { at: '2026-11-26T13:00:00', open: true },
    { at: '2026-11-26T20:59:59', open: true },
    { at: '2026-11-26T21:00:00', open: false },
    { at: '2026-11-27T12:59:59', open: false },
    { at: '2026-11-27T13:00:00', open: true },
    { at: '2026-11-28T08:00:00', open: true },
  ])('us-ne-recorded-hours: holidays from one in the afternoon, $at: $open', ({ at, open }) => {
    expect(hoursAsked('us-ne-recorded-hours', 'C', at)).toEqual(open ? outside.open : outside.shut);
  });

  it.each(['us-ut-hours', 'us-ut-sundays', 'us-ut-holidays'])('%s: consent lifts it', (id) => {
    const at = id === 'us-ut-holidays' ? '2026-07-24T07:00:00Z' : `${SUNDAY}T08:00:00Z`;
    const context = contactAt({ state: 'UT', zone: 'M', at });
    expect(saidBy(id, context)).toHaveLength(1);
    expect(saidBy(id, { ...context, state: stateOf(consent({ effectiveAt: 1 })) })).toEqual([]);
  });
});

describe('contacts that a state permits with consent alone', () => {
  it.each([
    { id: 'us-az-mobile-consent', channel: 'VOICE', other: 'SMS' },
    { id: 'us-la-mobile-consent', channel: 'VOICE', other: 'SMS' },
    { id: 'us-nj-mobile-consent', channel: 'VOICE', other: 'SMS' },
    { id: 'us-wa-text-consent', channel: 'SMS', other: 'VOICE' },
    { id: 'us-wy-automated-consent', channel: 'VOICE', other: 'SMS' },
  ] as const)('$id', ({ id, channel, other }) => {
    const at = { state: id.slice(3, 5).toUpperCase(), zone: 'C', at: `${FRIDAY}T18:00:00Z` } as const;
    const context = contactAt({ ...at, channel });
    expect(saidBy(id, context)).toEqual(['CONSENT_MISSING']);
    expect(saidBy(id, contactAt({ ...at, channel: other }))).toEqual([]);
    const effectiveAt = Date.parse('2026-11-01');
    expect(saidBy(id, { ...context, state: stateOf(consent({ channel, effectiveAt })) })).toEqual([]);
  });
});

it('no rule of a state goes untested', () => {
  const holidays = ['al', 'la', 'pa', 'ri', 'ut'].map((state) => `us-${state}-holidays`);
  const rest = ['us-pa-hours-before-act-47', 'us-la-emergency', 'us-ny-emergency'];
  const tested = [...HOURS.map(([id]) => id), ...SUNDAYS, ...holidays, ...rest];
  const shipped = [...US_STATES_A_TO_M, ...US_STATES_N_TO_Z].map(({ id }) => id);
  expect(tested.toSorted()).toEqual(shipped.toSorted());
  expect(US_STATE_CONSENT).toHaveLength(5);
});
