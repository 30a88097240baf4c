import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance, type NoticeEvent, stateOf } from '../../../../lib/domain/notice/advance.ts';
import type { Notice, NoticeState, Sending } from '../../../../lib/domain/notice/notice.ts';

const SENDING: Sending = {
  via: 'CAMPAIGN',
  batch: 'b-1',
  language: 'en',
  templateVersion: 1,
  contactListId: 'l-1',
};
const NEW: Notice = {
  recipientId: 'r-1',
  version: 1,
  state: 'PENDING',
  since: 1,
  channels: [
    { channel: 'EMAIL', state: 'OPEN', at: 1 },
    { channel: 'SMS', state: 'OPEN', at: 1 },
  ],
};

const chosen = (channel: 'EMAIL' | 'SMS'): NoticeEvent => ({ kind: 'CHOSEN', channel, sending: SENDING });
const closed = (
  channel: 'EMAIL' | 'SMS',
  as: 'NOT_OFFERED' | 'SUPPRESSED' | 'WRONG_REGION',
): NoticeEvent => ({
  ...{ kind: 'CLOSED', channel, as, cause: as },
});
const held: NoticeEvent = { kind: 'HELD', channel: 'EMAIL' };
const failed: NoticeEvent = { kind: 'FAILED', cause: 'FAILED_AT_DIALLER' };
const putOff: NoticeEvent = { kind: 'PUT_OFF', until: 99 };
const [accepted, notAccepted, lost, delivered]: readonly NoticeEvent[] = [
  { kind: 'ACCEPTED' },
  { kind: 'NOT_ACCEPTED' },
  { kind: 'LOST' },
  { kind: 'DELIVERED' },
];

/** The notice after events, one a moment; undefined as soon as one cannot happen. */
function happened(...events: readonly (NoticeEvent | undefined)[]): Notice | undefined {
  return events.reduce<Notice | undefined>(
    (notice, event, at) => (notice && event ? advance(notice, event, 10 + at) : undefined),
    NEW,
  );
}

/** Whatever of the events can happen, and by which channels the notice was taken. */
function livedThrough(events: readonly (NoticeEvent | undefined)[]) {
  const taken: string[] = [];
  let notice = NEW;
  for (const [at, event] of events.entries()) {
    const next = event && advance(notice, event, at);
    if (next === undefined) continue;
    const by = notice.channels.find(({ state }) => state === 'SENDING')?.channel;
    if (event?.kind === 'ACCEPTED' && by !== undefined) taken.push(by);
    notice = next;
  }
  return { taken, notice };
}

const ROWS: readonly [string, readonly (NoticeEvent | undefined)[], string][] = [
  ['is handed over', [chosen('EMAIL')], 'SENDING: SENDING OPEN'],
  ['is taken', [chosen('EMAIL'), accepted], 'SENT: SENT OPEN'],
  ['gets through', [chosen('EMAIL'), accepted, delivered], 'DELIVERED: DELIVERED OPEN'],
  ['is not taken: its channel is open again', [chosen('EMAIL'), notAccepted], 'PENDING: OPEN OPEN'],
  ['is lost', [chosen('EMAIL'), lost], 'UNCERTAIN: UNCERTAIN OPEN'],
  ['fails: the next channel', [chosen('EMAIL'), accepted, failed], 'PENDING: FAILED OPEN'],
  ['is refused: the next channel', [closed('EMAIL', 'SUPPRESSED')], 'PENDING: SUPPRESSED OPEN'],
  [
    'is refused everywhere: a letter',
    [closed('EMAIL', 'SUPPRESSED'), closed('SMS', 'NOT_OFFERED')],
    'FALLBACK_LETTER: SUPPRESSED NOT_OFFERED',
  ],
  [
    "is another region's: no letter",
    [closed('EMAIL', 'WRONG_REGION'), closed('SMS', 'SUPPRESSED')],
    'WRONG_REGION: WRONG_REGION SUPPRESSED',
  ],
  [
    'fails everywhere: a letter',
    [chosen('EMAIL'), accepted, failed, chosen('SMS'), accepted, failed],
    'FALLBACK_LETTER: FAILED FAILED',
  ],
  ['is held', [held], 'HELD: HELD OPEN'],
  ['is put off', [putOff], 'PENDING: OPEN OPEN'],
];

const NEVER: readonly [string, readonly (NoticeEvent | undefined)[]][] = [
  ['another channel than the next is chosen', [chosen('SMS')]],
  ['another channel than the next is closed', [closed('SMS', 'SUPPRESSED')]],
  ['it is taken before it was handed over', [accepted]],
  ['it is handed over twice', [chosen('EMAIL'), chosen('EMAIL')]],
  ['a second channel is chosen meanwhile', [chosen('EMAIL'), chosen('SMS')]],
  ['what was taken comes back', [chosen('EMAIL'), accepted, notAccepted]],
  ['what was lost is sent again', [chosen('EMAIL'), lost, chosen('EMAIL')]],
  ['what was lost goes by another channel', [chosen('EMAIL'), lost, chosen('SMS')]],
  ['what got through fails', [chosen('EMAIL'), accepted, delivered, failed]],
  ['a held notice is sent', [held, chosen('EMAIL')]],
  ['a letter is put off', [closed('EMAIL', 'SUPPRESSED'), closed('SMS', 'SUPPRESSED'), putOff]],
];

describe('a notice', () => {
  it.each(ROWS)('that %s', (_, events, expected) => {
    const notice = happened(...events);
    expect(`${notice?.state}: ${notice?.channels.map(({ state }) => state).join(' ')}`).toBe(expected);
    expect(notice?.version).toBe(1 + events.length);
  });

  it.each(NEVER)('never: %s', (_, events) => {
    expect(happened(...events)).toBeUndefined();
    expect(happened(...events.slice(0, -1))).toBeDefined();
  });

  it('waits since it was first pending, however often it was handed over in vain', () => {
    expect(happened(chosen('EMAIL'), notAccepted)?.since).toBe(10);
    expect(happened(putOff, closed('EMAIL', 'SUPPRESSED'))).toMatchObject({ since: 1 });
    expect(happened(putOff, closed('EMAIL', 'SUPPRESSED'))).not.toHaveProperty('notBefore');
    expect(happened(putOff)?.notBefore).toBe(99);
  });

  it('I18: is taken at most once on each channel, whatever happens in whatever order', () => {
    const event = fc.constantFrom(
      ...[chosen('EMAIL'), chosen('SMS'), accepted, notAccepted, lost, delivered, failed, held, putOff],
      ...[closed('EMAIL', 'SUPPRESSED'), closed('SMS', 'WRONG_REGION'), closed('SMS', 'NOT_OFFERED')],
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        const { taken, notice } = livedThrough(events);
        expect(new Set(taken).size).toBe(taken.length);
        const open = notice.channels.some(({ state }) => state === 'OPEN');
        const ended: NoticeState[] = ['FALLBACK_LETTER', 'WRONG_REGION'];
        if (ended.includes(notice.state)) expect(open).toBe(false);
        if (notice.state === 'PENDING') expect(stateOf(notice.channels)).toBe('PENDING');
      }),
    );
  });
});
