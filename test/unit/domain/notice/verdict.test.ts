import { describe, expect, it } from 'vitest';
import { REASONS } from '../../../../lib/domain/decision/reasons.ts';
import { NoticeEntry } from '../../../../lib/domain/log/notice-entry.ts';
import { channelOrder } from '../../../../lib/domain/notice/channel-order.ts';
import { offeredBy } from '../../../../lib/domain/notice/channels.ts';
import { contactIdOf } from '../../../../lib/domain/notice/contact-id.ts';
import { NO_NOTICES, type Notice, NoticeState } from '../../../../lib/domain/notice/notice.ts';
import { noticeEntry } from '../../../../lib/domain/notice/notice-entry.ts';
import { isStuck } from '../../../../lib/domain/notice/report.ts';
import { verdictOn } from '../../../../lib/domain/notice/verdict.ts';

const block = (reason: string, nextAllowedAt = '') =>
  verdictOn('SMS', { decision: 'BLOCK', decisionId: 'd-1', reason, nextAllowedAt }, 1000);

describe('what a decision means for a notice', () => {
  it('ALLOW: the channel is used', () => {
    const answer = { decision: 'ALLOW', decisionId: 'd-1', reason: 'PERMITTED', nextAllowedAt: '' } as const;
    expect(verdictOn('SMS', answer, 1000)).toBe('ALLOW');
  });

  it.each([
    ['LITIGATION_HOLD', { kind: 'HELD', channel: 'SMS' }],
    ['WRONG_REGION', { kind: 'CLOSED', channel: 'SMS', as: 'WRONG_REGION', cause: 'WRONG_REGION' }],
    ['SUPPRESSED', { kind: 'CLOSED', channel: 'SMS', as: 'SUPPRESSED', cause: 'SUPPRESSED' }],
    ['NO_RULE', { kind: 'CLOSED', channel: 'SMS', as: 'NOT_OFFERED', cause: 'NO_RULE' }],
    ['UNAVAILABLE', { kind: 'PUT_OFF', until: 61_000 }],
    ['AUDIT_UNAVAILABLE', { kind: 'PUT_OFF', until: 61_000 }],
  ])('%s', (reason, event) => {
    expect(block(reason)).toEqual(event);
  });

  it('what passes with time alone is waited for', () => {
    expect(block('OUTSIDE_CALLING_HOURS', '2026-11-22T13:00:00.000Z')).toEqual({
      kind: 'PUT_OFF',
      until: Date.parse('2026-11-22T13:00:00Z'),
    });
  });

  it('a hold is a hold, whatever time would allow', () => {
    expect(block('LITIGATION_HOLD', '2026-11-22T13:00:00.000Z')).toMatchObject({ kind: 'HELD' });
  });

  it('no reason there is lets the notice out', () => {
    for (const reason of Object.keys(REASONS)) expect(block(reason)).not.toBe('ALLOW');
  });
});

describe('the order of channels', () => {
  const both = { phone: '+12125550100', email: 'a@example.com' };
  it.each([
    ['no preference', both, [], ['EMAIL', 'SMS']],
    ['a preference', both, ['SMS'], ['SMS', 'EMAIL']],
    ['a channel that is not among the deployment’s', both, ['VOICE', 'SMS'], ['SMS', 'EMAIL']],
    ['a channel without an address', { email: 'a@example.com' }, ['SMS'], ['EMAIL']],
    ['no address', {}, ['SMS'], []],
  ] as const)('%s', (_, address, preferred, expected) => {
    expect(channelOrder(address, preferred, ['EMAIL', 'SMS'])).toEqual(expected);
  });

  it.each([
    [undefined, 'CARRIER_NOT_ALLOWED'],
    ['other', 'CARRIER_NOT_ALLOWED'],
    ['one', true],
  ])('B12: text messages by carrier %s: %s', (carrier, offered) => {
    const channels = {
      order: [],
      agentlessBelow: 0,
      messagesPerMinute: 1,
      sms: { sender: '+12125550198', carriers: ['one'] },
    };
    expect(offeredBy(channels, carrier)).toEqual({ SMS: offered, EMAIL: 'NOT_SET_UP', VOICE: 'NOT_SET_UP' });
  });
});

describe('what stays the same of a notice', () => {
  const contact = { incidentId: 'i-1', recipientId: 'r-1', channel: 'SMS' } as const;
  it('its id at the dialler, of characters that the platform takes', () => {
    const ids = [
      contact,
      { ...contact },
      { ...contact, channel: 'EMAIL' as const },
      { ...contact, recipientId: 'r-2' },
    ].map(contactIdOf);
    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(3);
    expect(ids.every((id) => /^[0-9a-f]{40}$/.test(id))).toBe(true);
  });

  it('the id of its entry, whoever records it and when', () => {
    const text = {
      incidentId: '01890000-0000-7000-8000-000000000001',
      channel: 'SMS',
      language: 'en',
      templateVersion: 2,
    } as const;
    const accepted = { text, templateName: 'breach', via: 'CAMPAIGN', batch: 'b-1' } as const;
    const recipients = [
      { recipientId: 'r-1', token: 'p1.a' },
      { recipientId: 'r-2', token: 'p1.b' },
    ];
    const entry = noticeEntry({ ...accepted, recipients }, 1000);
    expect(NoticeEntry.parse(entry)).toMatchObject({
      recipients: 2,
      subjects: ['p1.a', 'p1.b'],
      dncListsApplied: false,
    });
    expect(noticeEntry({ ...accepted, recipients: recipients.toReversed() }, 2000).id).toBe(entry.id);
    expect(noticeEntry({ ...accepted, recipients: recipients.slice(1) }, 1000).id).not.toBe(entry.id);
    expect(JSON.stringify(entry)).not.toContain('r-1');
  });
});

describe('a notice that does not move', () => {
  const HOUR = 3_600_000;
  const notice = (state: NoticeState, more: Partial<Notice> = {}): Notice => ({
    ...{ recipientId: 'r-1', version: 1, state, since: 0, channels: [], ...more },
  });
  it('is seen after an hour, and not while it waits for a permitted one', () => {
    expect(isStuck(notice('PENDING'), HOUR - 1)).toBe(false);
    expect(isStuck(notice('PENDING'), HOUR)).toBe(true);
    expect(isStuck(notice('SENDING'), HOUR)).toBe(true);
    expect(isStuck(notice('PENDING', { notBefore: HOUR }), 2 * HOUR - 1)).toBe(false);
    expect(isStuck(notice('PENDING', { notBefore: HOUR }), 2 * HOUR)).toBe(true);
  });

  it('is none that has ended', () => {
    const ended = NoticeState.options.filter((state) => state !== 'PENDING' && state !== 'SENDING');
    expect(ended.filter((state) => isStuck(notice(state), 99 * HOUR))).toEqual([]);
    expect(Object.keys(NO_NOTICES).toSorted()).toEqual(NoticeState.options.toSorted());
  });
});
