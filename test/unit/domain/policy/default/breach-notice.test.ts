import { describe, expect, it } from 'vitest';
import { decide } from '../../../../../lib/domain/decision/decide.ts';
import { DEFAULT_POLICY } from '../../../../../lib/domain/policy/default-policy.ts';
import type { Fact } from '../../../../../lib/domain/state/facts.ts';
import { contextOf } from '../../../../support/contexts.ts';
import { consent, hold, stateOf, suppression } from '../../../../support/facts.ts';

const asked = (purpose: 'MARKETING' | 'SERVICE' | 'COLLECTION') => ({
  asked: { channel: 'SMS', seller: '*', purpose } as const,
});
const REQUEST = 'breach-notice-channel-request';
const WITHDRAWN = 'breach-notice-channel-withdrawn';

function blockedBy(channel: 'SMS' | 'EMAIL', facts: readonly Fact[]) {
  const context = contextOf({ scope: { channel, purpose: 'BREACH_NOTICE' }, state: stateOf(...facts) });
  return decide(context, DEFAULT_POLICY, 'DIAL').reasons.map(({ ruleId }) => ruleId);
}

const ROWS: readonly {
  title: string;
  facts: readonly Fact[];
  sms: readonly string[];
  email: readonly string[];
}[] = [
  { title: 'nothing known', facts: [], sms: [], email: [] },
  {
    title: 'marketing refused on every channel',
    facts: [suppression({ channel: 'ALL', ...asked('MARKETING') })],
    sms: [],
    email: [],
  },
  {
    title: 'debt collection refused',
    facts: [suppression({ channel: 'SMS', ...asked('COLLECTION') })],
    sms: [],
    email: [],
  },
  {
    title: 'service contacts refused',
    facts: [suppression({ channel: 'SMS', ...asked('SERVICE') })],
    sms: [REQUEST],
    email: [],
  },
  {
    title: 'everything refused on one channel',
    facts: [suppression({ channel: 'SMS' })],
    sms: [REQUEST],
    email: [],
  },
  {
    title: 'an objection to everything, refused everywhere',
    facts: [suppression({ channel: 'ALL', reason: 'OBJECTION' })],
    sms: [REQUEST],
    email: [REQUEST],
  },
  {
    title: 'suppressed by the operator alone',
    facts: [suppression({ channel: 'ALL', reason: 'INTERNAL_POLICY' })],
    sms: [],
    email: [],
  },
  {
    title: 'consent to marketing withdrawn',
    facts: [consent({ status: 'WITHDRAWN', channel: 'ALL', purpose: 'MARKETING' })],
    sms: [],
    email: [],
  },
  {
    title: 'consent to service contacts withdrawn',
    facts: [consent({ status: 'WITHDRAWN', channel: 'SMS', purpose: 'SERVICE' })],
    sms: [WITHDRAWN],
    email: [],
  },
  {
    title: 'consent to everything withdrawn',
    facts: [consent({ status: 'WITHDRAWN', channel: 'EMAIL', purpose: 'ALL' })],
    sms: [],
    email: [WITHDRAWN],
  },
  { title: 'a litigation hold', facts: [hold()], sms: ['litigation-hold'], email: ['litigation-hold'] },
];

// Source 004: a marketing opt-out suppressed the notice (BB1), an opt-out of service alerts ended the duty (BB2).
describe('B9, BB1, BB2: which channel a breach notice may go by', () => {
  it.each(ROWS)('$title', ({ facts, sms, email }) => {
    expect({ sms: blockedBy('SMS', facts), email: blockedBy('EMAIL', facts) }).toEqual({ sms, email });
  });

  it('a service call is bound by the same refusals as before', () => {
    const context = contextOf({
      scope: { channel: 'SMS', purpose: 'SERVICE' },
      state: stateOf(suppression({ channel: 'SMS', ...asked('MARKETING') })),
    });
    expect(decide(context, DEFAULT_POLICY, 'DIAL').effect).toBe('BLOCK');
  });
});
