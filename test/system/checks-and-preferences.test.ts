import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { tokenFor } from '../../bin/commands/contact-point.ts';
import type { Answer } from '../../lib/domain/decision/answer.ts';
import { leaks } from '../support/canary.ts';
import { check as ask, untilDecided } from './ask.ts';
import { appendAuditLog } from './log-entries.ts';
import { consent, consentOf, optOut, optOutOf } from './preferences.ts';
import { runCommand } from './run-command.ts';
import { type RunningStack, startStack } from './running-stack.ts';
import { leaksIn, sinksOf } from './sinks.ts';
import { stateOf, storedItems } from './stored-state.ts';

const SELLER = 'acme';
const DAY_MS = 86_400_000;
const LONDON = '+442079460106';
const ADDRESS = 'casey.fixture@example.com';
const SERVICE_CALL = { channel: 'VOICE', purpose: 'SERVICE', seller: SELLER };
const PROOF = { textVersion: 'terms-2026-03', capturedBy: 'WEB_FORM', evidenceSha256: 'ab'.repeat(32) };

let running: RunningStack;
beforeAll(async () => {
  running = await startStack('US');
});
afterAll(async () => {
  await running.stop();
});

const used: string[] = [LONDON, ADDRESS];
/** A number that no other test uses: 212 555 0100 and following. */
function someone(): string {
  const number = `+121255501${String(used.length).padStart(2, '0')}`;
  used.push(number);
  return number;
}

describe('HTTP and the data action', () => {
  it('give the same decision; the data action in strings, every field present', async () => {
    const [free, blocked] = [someone(), someone()];
    await optOut(running.connection, { phoneNumber: blocked });
    const inputs = [
      { phoneNumber: free, ...SERVICE_CALL },
      { phoneNumber: blocked, ...SERVICE_CALL },
      { phoneNumber: free, phoneNumber2: blocked, ...SERVICE_CALL },
      { phoneNumber: LONDON, ...SERVICE_CALL },
      { phoneNumber: free, channel: 'VOICE' },
      { ...SERVICE_CALL, phoneNumber: '', seller: '' },
      {},
    ];
    for (const input of inputs) {
      const overHttp = await check(input);
      const flat = await untilDecided(() => invoke(input));
      expect(Object.keys(flat).toSorted()).toEqual(Object.keys(overHttp).toSorted());
      const { decisionId, checkedAt = '', reasons = '', nextAllowedAt, ...same } = flat;
      expect(overHttp).toMatchObject(same);
      expect(JSON.parse(reasons)).toEqual(overHttp.reasons);
      expect(nextAllowedAt).toBe(overHttp.nextAllowedAt ?? '');
      expect(decisionId).not.toBe(overHttp.decisionId);
      expect(Date.parse(checkedAt)).toBeGreaterThan(0);
    }
  });

  it('block a number without its country, and name no default', async () => {
    const national = someone().slice(2);
    expect(await check({ phoneNumber: national, ...SERVICE_CALL })).toMatchObject({
      decision: 'BLOCK',
      reason: 'UNREADABLE_INPUT',
    });
    const named = { phoneNumber: national, defaultRegion: 'US', ...SERVICE_CALL };
    expect(await check(named)).toMatchObject({ decision: 'ALLOW' });
  });

  it('block all numbers of a contact if one of them is blocked', async () => {
    const numbers = [someone(), someone(), someone()];
    expect(await check({ phoneNumbers: numbers, ...SERVICE_CALL })).toMatchObject({ decision: 'ALLOW' });
    await optOut(running.connection, { phoneNumber: numbers[1] });
    expect(await check({ phoneNumbers: numbers, ...SERVICE_CALL })).toMatchObject({ decision: 'BLOCK' });
  });
});

describe('opt-outs and consents', () => {
  it('an opt-out ends one channel, or all of them', async () => {
    const phoneNumber = someone();
    await optOut(running.connection, { phoneNumber, channel: 'SMS' });
    expect(await effect({ phoneNumber, ...SERVICE_CALL, channel: 'SMS' })).toBe('BLOCK SUPPRESSED');
    expect(await effect({ phoneNumber, ...SERVICE_CALL })).toBe('ALLOW PERMITTED');
    await optOut(running.connection, { phoneNumber, channel: 'ALL' });
    expect(await effect({ phoneNumber, ...SERVICE_CALL })).toBe('BLOCK SUPPRESSED');
  });

  it('an opt-out from one seller binds that seller, and whoever names none', async () => {
    const phoneNumber = someone();
    await optOut(running.connection, { phoneNumber, seller: SELLER });
    expect(await effect({ phoneNumber, ...SERVICE_CALL })).toBe('BLOCK SUPPRESSED');
    expect(await effect({ phoneNumber, ...SERVICE_CALL, seller: 'other' })).toBe('ALLOW PERMITTED');
    expect(await effect({ phoneNumber, ...SERVICE_CALL, seller: undefined })).toBe('BLOCK SUPPRESSED');
  });

  it.each([
    ['older than the withdrawal', 20, 'BLOCK CONSENT_WITHDRAWN'],
    ['of the same moment', 10, 'BLOCK CONSENT_WITHDRAWN'],
    ['newer than the withdrawal', 5, 'ALLOW PERMITTED'],
  ])('a proved grant %s', async (_when, daysAgo, expected) => {
    const phoneNumber = someone();
    const now = Date.now();
    const at = (days: number) => new Date(now - days * DAY_MS).toISOString();
    await consent(running.connection, { phoneNumber, status: 'WITHDRAWN', effectiveAt: at(10) });
    await consent(running.connection, {
      phoneNumber,
      status: 'GRANTED',
      effectiveAt: at(daysAgo),
      proof: PROOF,
    });
    expect(await effect({ phoneNumber, ...SERVICE_CALL })).toBe(expected);
  });

  it('takes no grant without proof', async () => {
    const phoneNumber = someone();
    await optOut(running.connection, { phoneNumber });
    const { status, body } = await running.connection.post('/v1/consents', {
      ...consentOf({ phoneNumber, status: 'GRANTED' }),
    });
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain('proof');
    expect(await effect({ phoneNumber, ...SERVICE_CALL })).toBe('BLOCK SUPPRESSED');
  });

  it('a retried check gets the same decision and counts one attempt, until the person opts out', async () => {
    const phoneNumber = someone();
    const request = { phoneNumber, ...SERVICE_CALL, requestId: 'dial-1' };
    const first = await check(request);
    expect(await check(request)).toEqual(first);
    expect(await counted(phoneNumber)).toEqual([first.decisionId]);
    const another = await check({ ...request, requestId: 'dial-2' });
    expect(another.decisionId).not.toBe(first.decisionId);
    expect((await counted(phoneNumber)).at(-1)).toBe(another.decisionId);
    await optOut(running.connection, { phoneNumber });
    expect(await effect(request)).toBe('BLOCK SUPPRESSED');
  });

  it('stores nothing about a person of another region', async () => {
    const before = new Set((await storedItems(running.connection)).map(({ token }) => token));
    const answer = await check({ phoneNumber: LONDON, ...SERVICE_CALL, contactId: 'crm-1' });
    expect(answer).toMatchObject({ decision: 'BLOCK', reason: 'WRONG_REGION' });
    expect(answer.reasons[0]?.ruleId).toBe('residency:EU');
    const optedOut = await running.connection.post('/v1/opt-outs', optOutOf({ phoneNumber: LONDON }));
    expect(optedOut).toEqual({ status: 421, body: { accepted: false, code: 'WRONG_REGION', region: 'EU' } });
    const added = (await storedItems(running.connection)).filter(({ token }) => !before.has(token));
    // The decision's own record, which names nobody.
    expect(added.map(({ token }) => token)).toEqual([`e.${answer.decisionId}`]);
    const text = JSON.stringify(added);
    expect(text).not.toContain(await tokenFor(running.connection, LONDON, undefined));
    expect(text).not.toContain('crm-1');
    expect(leaks(text, [LONDON])).toEqual([]);
  });
});

describe('litigation holds', () => {
  it('block every channel and purpose, tell Legal of each attempt, and end by two people', async () => {
    const phoneNumber = someone();
    const onPhone = ['VOICE', 'SMS'].flatMap((channel) =>
      ['SERVICE', 'MARKETING', 'BREACH_NOTICE'].map((purpose) => ({ phoneNumber, channel, purpose })),
    );
    const attempts = [...onPhone, { email: ADDRESS, channel: 'EMAIL', purpose: 'SERVICE' }];
    for (const contact of [{ phoneNumber }, { email: ADDRESS }]) {
      expect((await hold('/v1/holds', contact, 'legal-1')).status).toBe(201);
    }
    const alerts = () => running.stack.sns.published(endpoints().topics.legalAlerts);
    const before = alerts().length;
    const decisionIds: string[] = [];
    for (const attempt of attempts) {
      const answer = await check({ ...attempt, seller: SELLER });
      expect(answer).toMatchObject({ decision: 'BLOCK', reason: 'LITIGATION_HOLD' });
      decisionIds.push(answer.decisionId);
    }
    // An alert that could not be sent with its answer is sent with the log.
    await appendAuditLog(running.connection);
    const alerted = alerts()
      .slice(before)
      .map(({ message }) => z.object({ decisionId: z.string() }).parse(JSON.parse(message)).decisionId);
    expect(new Set(alerted)).toEqual(new Set(decisionIds));

    const release = (by: string) => hold('/v1/hold-releases', { phoneNumber }, by);
    expect(await release('legal-1')).toMatchObject({
      status: 201,
      body: { status: 'AWAITING_SECOND_RELEASE' },
    });
    expect(await release('Legal-1')).toMatchObject({
      status: 200,
      body: { status: 'AWAITING_SECOND_RELEASE' },
    });
    expect(await effect({ phoneNumber, ...SERVICE_CALL })).toBe('BLOCK LITIGATION_HOLD');
    expect(await release('legal-2')).toMatchObject({ status: 201, body: { status: 'RELEASED' } });
    expect(await effect({ phoneNumber, ...SERVICE_CALL })).toBe('ALLOW PERMITTED');
  });
});

describe('the registry', () => {
  it('blocks marketing while it is not there, then who is listed', async () => {
    const [listed, unlisted] = [someone(), someone()];
    const marketing = { channel: 'VOICE', purpose: 'MARKETING', seller: SELLER, technology: 'LIVE' };
    expect(await effect({ phoneNumber: listed, ...marketing })).toBe('BLOCK REGISTRY_UNAVAILABLE');

    const file = join(running.folder, 'full.txt');
    writeFileSync(file, `212,${listed.slice(5)}\r\n305,5550199\r\n`);
    const today = new Date().toISOString().slice(0, 10);
    const args = ['registry', 'import', file, '--version-date', today, '--area-codes', '212,305'];
    const ran = await runCommand(['--endpoints', running.endpointsFile, ...args]);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('2 numbers');

    expect(await effect({ phoneNumber: listed, ...marketing })).toBe('BLOCK REGISTRY_LISTED');
    expect(await effect({ phoneNumber: listed, ...SERVICE_CALL })).toBe('ALLOW PERMITTED');
    const codes = async (phoneNumber: string) =>
      (await check({ phoneNumber, ...marketing })).reasons
        .map(({ code }) => code)
        // What the clock says is no part of this.
        .filter((code) => code !== 'OUTSIDE_CALLING_HOURS');
    expect(await codes(unlisted)).toEqual([]);
    expect(await codes('+14155550123')).toEqual(['REGISTRY_NOT_COVERED']);
  });
});

describe('personal data (I4)', () => {
  it('stands in no log, key, item, audit object, message or answer', async () => {
    const hostile = { phoneNumber: someone(), ...SERVICE_CALL };
    for (const field of ['campaignId', 'contactId', 'requestId', 'calledPartyRegion', 'seller', 'by']) {
      for (const value of [hostile.phoneNumber, ADDRESS]) {
        await running.connection.post('/v1/checks', { ...hostile, [field]: value });
        await running.connection.post('/v1/opt-outs', { ...optOutOf(hostile), [field]: value });
        await running.connection.post('/v1/consents', { ...consentOf(hostile), [field]: value });
        await running.connection.post('/v1/holds', { ...hostile, caseId: value, by: value });
        await invoke({ ...hostile, [field]: value });
      }
    }
    await appendAuditLog(running.connection);
    const sinks = await sinksOf(running);
    expect([...sinks].filter(([, text]) => text === '' || text === '[]').map(([name]) => name)).toEqual([]);
    expect(leaksIn(sinks, used)).toEqual([]);
    expect(running.faults).toEqual([]);
  });
});

function endpoints() {
  return running.stack.endpoints;
}

async function check(request: object): Promise<Answer> {
  return await ask(running.connection, request);
}

/** The decisions whose attempts are kept for counting, oldest first. */
async function counted(phoneNumber: string): Promise<readonly string[]> {
  const { attempts } = await stateOf(running.connection, phoneNumber);
  return attempts.map(({ decisionId }) => decisionId);
}

async function effect(request: object): Promise<string> {
  const { decision, reason } = await check(request);
  return `${decision} ${reason}`;
}

const Flat = z.object({ reason: z.string() }).catchall(z.string());

async function invoke(input: object): Promise<z.infer<typeof Flat>> {
  const { Payload, FunctionError } = await new LambdaClient(running.connection.aws).send(
    new InvokeCommand({ FunctionName: endpoints().functions.checkConsent, Payload: JSON.stringify(input) }),
  );
  expect(FunctionError).toBeUndefined();
  return Flat.parse(JSON.parse(Payload?.transformToString() ?? ''));
}

async function hold(path: string, contact: object, by: string) {
  return await running.connection.post(path, { ...contact, caseId: 'case-17', by });
}
