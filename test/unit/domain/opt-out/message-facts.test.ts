import { describe, expect, it } from 'vitest';
import { confirmableUntil } from '../../../../lib/domain/opt-out/confirmation.ts';
import { hasRevokedAll, messageRef } from '../../../../lib/domain/opt-out/message-facts.ts';
import { consent, DAY_MS, NOON, prooflessGrant, stateOf, suppression } from '../../../support/facts.ts';
import { NUMBERS, PEPPER, tokenOfNumber } from '../../../support/numbers.ts';

const all = (given: Parameters<typeof suppression>[0] = {}) => suppression({ channel: 'ALL', ...given });

describe('whether somebody wants no contact at all', () => {
  it.each([
    ['nothing was said', [], false],
    ['they asked for an end of all contact', [all()], true],
    ['they objected', [all({ reason: 'OBJECTION', source: 'LETTER' })], true],
    ['it was about one channel', [suppression({ channel: 'SMS' })], false],
    ['it was about one seller', [all({ seller: 'acme' })], false],
    ['the operator suppressed them, for its own reasons', [all({ reason: 'INTERNAL_POLICY' })], false],
    ['it is only a doubt', [all({ reason: 'PROVISIONAL', reviewId: 'review-1' })], false],
    ['it has an end', [all({ expiresAt: NOON + DAY_MS })], false],
    ['they consented since, to anything', [all(), consent({ effectiveAt: NOON + 1 })], false],
    ['they consented at the same moment', [all(), consent()], true],
    ['they consented before', [all(), consent({ effectiveAt: NOON - 1 })], true],
    ['nothing shows that they consented since', [all(), prooflessGrant({ effectiveAt: NOON + 1 })], true],
    ['they withdrew consent since', [all(), consent({ status: 'WITHDRAWN', effectiveAt: NOON + 1 })], true],
  ] as const)('%s', (_case, facts, revoked) => {
    expect(hasRevokedAll(stateOf(...facts))).toBe(revoked);
  });
});

describe('the reference of a message', () => {
  const token = tokenOfNumber(NUMBERS.newYork, PEPPER);
  const message = { token, channel: 'SMS', messageId: 'message-a' };

  it('is the same each time, and another for another person, channel or message', () => {
    const refs = [
      message,
      { ...message, token: tokenOfNumber(NUMBERS.chicago, PEPPER) },
      { ...message, channel: 'EMAIL' },
      { ...message, messageId: 'message-b' },
    ].map((one) => messageRef(PEPPER, one));
    expect(new Set(refs).size).toBe(4);
    expect(messageRef(PEPPER, message)).toBe(refs[0]);
    for (const ref of refs) expect(ref).toMatch(/^[0-9a-f]{32}$/);
  });

  it('cannot be made without the pepper', () => {
    expect(messageRef({ ...PEPPER, pepper: 'another' }, message)).not.toBe(messageRef(PEPPER, message));
  });
});

describe('R9: five minutes', () => {
  it('end to the millisecond', () => {
    expect(confirmableUntil(NOON, NOON)).toBe('2026-11-20T15:05:00.000Z');
    expect(confirmableUntil(NOON, NOON + 299_999)).toBe('2026-11-20T15:05:00.000Z');
    expect(confirmableUntil(NOON, NOON + 300_000)).toBeUndefined();
  });
});
