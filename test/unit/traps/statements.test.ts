import { describe, expect, it } from 'vitest';
import { decide } from '../../../lib/domain/decision/decide.ts';
import { DEFAULT_POLICY } from '../../../lib/domain/policy/default-policy.ts';
import { EMPTY_STATE } from '../../../lib/domain/state/state.ts';
import { leaks } from '../../support/canary.ts';
import { contextOf, LONDON } from '../../support/contexts.ts';
import { NOON, PROOF } from '../../support/facts.ts';
import { outboundOptOut, sqsRecord } from '../../support/genesys-events.ts';
import { apiEvent, createMemoryIntake } from '../../support/intake.ts';
import { PEPPER, tokenOfNumber } from '../../support/numbers.ts';

const PERSON = '+17815550170';
const LONDONER = '+442079460170';
const OPT_OUT = { phoneNumber: PERSON, channel: 'SMS', source: 'WEBSITE_FORM', by: 'web-form' };

type Intake = ReturnType<typeof createMemoryIntake>;
const stateOf = ({ contactPoints }: Intake, number: string) =>
  contactPoints.items.get(tokenOfNumber(number, PEPPER))?.state ?? EMPTY_STATE;
const post = ({ preferences }: Intake, route: string, body: object) =>
  preferences(apiEvent(`POST /v1/${route}`, body));

describe('TB26: one promise, measured from the agent to the effect', () => {
  it('and not from the queue, whose own delay it contains', async () => {
    const intake = createMemoryIntake();
    const wrapUpAt = NOON - 3000;
    const Records = [sqsRecord(outboundOptOut(PERSON, { eventTime: wrapUpAt }), 'm-1', NOON - 500)];
    await intake.ingest({ Records });
    expect(intake.values('OptOutLatencyMs')).toEqual([3000]);
  });
});

describe('TB31: no log line holds a number', () => {
  it('whether an opt-out is recorded, parked, refused or fails', async () => {
    const intake = createMemoryIntake();
    const broken = outboundOptOut(PERSON).slice(0, -20);
    await intake.ingest({ Records: [sqsRecord(outboundOptOut(PERSON), 'm-1'), sqsRecord(broken, 'm-2')] });
    await post(intake, 'opt-outs', OPT_OUT);
    await post(intake, 'opt-outs', { ...OPT_OUT, phoneNumber: `call ${PERSON} or not` });
    intake.contactPoints.failures.push(new Error(`no item for ${PERSON}`));
    await post(intake, 'opt-outs', OPT_OUT);
    expect(intake.lines.length).toBeGreaterThan(3);
    expect(leaks(intake.lines.join(''), [PERSON])).toEqual([]);
  });
});

describe('EB2: what is suppressed is a number on a channel, not a row of a list', () => {
  it('a contact id is no way to name a person', async () => {
    const intake = createMemoryIntake();
    const { statusCode } = await post(intake, 'opt-outs', { ...OPT_OUT, contactId: 'contact-1' });
    expect(statusCode).toBe(400);
    expect(intake.contactPoints.items.size).toBe(0);
  });

  it('the opt-out holds for the number wherever it is, and leaves the other channel alone', async () => {
    const intake = createMemoryIntake();
    await post(intake, 'opt-outs', OPT_OUT);
    const state = stateOf(intake, PERSON);
    const effect = (channel: 'SMS' | 'VOICE') =>
      decide(contextOf({ state, scope: { channel } }), DEFAULT_POLICY, 'DIAL').effect;
    expect([effect('SMS'), effect('VOICE')]).toEqual(['BLOCK', 'ALLOW']);
  });
});

describe('EB12: nothing personal is written under the lock in clear', () => {
  it('an entry names a keyed token, and the clear value stands only sealed beside it', async () => {
    const intake = createMemoryIntake();
    await post(intake, 'opt-outs', OPT_OUT);
    const entries = [...intake.contactPoints.entries.values()];
    const token = tokenOfNumber(PERSON, PEPPER);
    expect(entries).toMatchObject([{ subjects: [token] }]);
    expect(leaks(JSON.stringify(entries), [PERSON])).toEqual([]);
    const sealed = intake.contactPoints.sealed.get(token);
    expect(sealed).toBeDefined();
    expect(leaks(Buffer.from(sealed?.ciphertext ?? []).toString('latin1'), [PERSON])).toEqual([]);
  });
});

describe('EB14: consent is guarded where it is stored, not in a form', () => {
  const said = {
    phoneNumber: LONDONER,
    channel: 'VOICE',
    purpose: 'MARKETING',
    seller: 'acme',
    by: 'batch',
    source: 'BULK_UPLOAD',
  };
  const isAllowed = (intake: Intake) =>
    decide(contextOf({ subject: LONDON, state: stateOf(intake, LONDONER) }), DEFAULT_POLICY, 'DIAL').effect;

  it.each([
    { what: 'without proof', grant: {} },
    { what: 'proved, but older', grant: { proof: PROOF, effectiveAt: '2026-11-19T09:00:00Z' } },
    { what: 'proved, at the very moment', grant: { proof: PROOF, effectiveAt: '2026-11-20T10:00:00Z' } },
  ])('an import that grants it $what lifts no withdrawal', async ({ grant }) => {
    const intake = createMemoryIntake('EU');
    await post(intake, 'consents', { ...said, status: 'WITHDRAWN', effectiveAt: '2026-11-20T10:00:00Z' });
    await post(intake, 'consents', { ...said, status: 'GRANTED', ...grant });
    expect(isAllowed(intake)).toBe('BLOCK');
  });

  it('newer, proved consent does', async () => {
    const intake = createMemoryIntake('EU');
    await post(intake, 'consents', { ...said, status: 'WITHDRAWN', effectiveAt: '2026-11-20T10:00:00Z' });
    const grant = { proof: PROOF, effectiveAt: '2026-11-20T11:00:00Z' };
    await post(intake, 'consents', { ...said, status: 'GRANTED', ...grant });
    expect(isAllowed(intake)).toBe('ALLOW');
  });
});
