import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { check } from './ask.ts';
import { appendAuditLog } from './log-entries.ts';
import { runCommand } from './run-command.ts';
import { type RunningStack, startStack } from './running-stack.ts';
import { leaksIn, sinksOf } from './sinks.ts';

let running: RunningStack;
beforeAll(async () => {
  running = await startStack('US');
});
afterAll(async () => {
  await running.stop();
});

const SERVICE_CALL = { channel: 'VOICE', purpose: 'SERVICE', seller: 'acme' };
const STOPPED = '+12125550151';
const DOUBTED = '+12125550152';
const ANOTHER = '+12125550153';
const WORDS = 'please do not stop, dear Marguerite';

const send = async (fields: object) => {
  const body = { channel: 'SMS', messageId: uuid(), ...fields };
  const { status, body: answer } = await running.connection.post('/v1/messages/inbound', body);
  return { ...Object(answer), status };
};
const decisionOn = async (phoneNumber: string) =>
  (await check(running.connection, { ...SERVICE_CALL, phoneNumber })).decision;
const reviews = (...args: readonly string[]) =>
  runCommand(['--endpoints', running.endpointsFile, 'reviews', ...args]);

describe('a text message to us', () => {
  it('STOP: the next check blocks, on another channel too', async () => {
    expect(await decisionOn(STOPPED)).toBe('ALLOW');
    const answer = await send({ from: STOPPED, text: 'Stop.' });
    expect(answer).toMatchObject({ status: 201, classified: 'OPT_OUT', confirmation: 'DUE' });
    expect(await decisionOn(STOPPED)).toBe('BLOCK');
  });

  it('in doubt: blocks until a reviewer has read it, and then as they say', async () => {
    const { reviewId: lifted } = await send({ from: DOUBTED, text: WORDS });
    const { reviewId: kept } = await send({ from: ANOTHER, text: 'stop,\u001b[2J Marguerite' });
    expect([await decisionOn(DOUBTED), await decisionOn(ANOTHER)]).toEqual(['BLOCK', 'BLOCK']);

    const listed = await reviews('list');
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    expect(listed.stdout).toContain(`${lifted}  SMS, en:stop, due by `);
    expect(listed.stdout).toContain(`"${WORDS}"`);
    // A stranger's text commands no terminal.
    expect(listed.stdout).toContain('"stop,\\u{1b}[2J Marguerite"');

    const by = ['--by', 'officer-1'];
    expect(await reviews('resolve', String(lifted), '--outcome', 'not-opt-out', ...by)).toMatchObject({
      code: 0,
    });
    expect(await reviews('resolve', String(kept), '--outcome', 'opt-out', ...by)).toMatchObject({ code: 0 });
    expect([await decisionOn(DOUBTED), await decisionOn(ANOTHER)]).toEqual(['ALLOW', 'BLOCK']);
    expect((await reviews('list')).stdout).toBe('Nothing waits for a reviewer.\n');
    const late = await reviews('resolve', String(lifted), '--outcome', 'opt-out', ...by);
    expect(late).toMatchObject({ code: 1, stdout: expect.stringContaining('REVIEW_DECIDED') });
  });

  it('in SQL over the log: how each ended, and all about one of them', async () => {
    await appendAuditLog(running.connection);
    const ask = async (...args: readonly string[]) => {
      const { stdout, stderr } = await runCommand([
        ...['--endpoints', running.endpointsFile, '--json', 'audit', 'query', ...args],
      ]);
      expect(stderr).toBe('');
      return z.array(z.record(z.string(), z.unknown())).parse(JSON.parse(stdout));
    };
    const inDoubt = await ask('--saved', 'messages-in-doubt', '--since', '1d');
    expect(inDoubt.map(({ outcome, reviewed_by }) => `${outcome} by ${reviewed_by}`).sort()).toEqual([
      'NOT_OPT_OUT by officer-1',
      'OPT_OUT by officer-1',
    ]);
    const history = await ask('--saved', 'history-of-a-number', '--number', DOUBTED);
    expect(history.map(({ what, detail }) => `${what} ${detail}`)).toEqual([
      'suppression PROVISIONAL',
      'BLOCK SUPPRESSED',
      'review NOT_OPT_OUT',
      'ALLOW null',
    ]);
  });

  it('that says nothing of contact changes nothing', async () => {
    expect(await send({ from: DOUBTED, text: 'When do you open?' })).toMatchObject({ classified: 'NONE' });
    expect(await decisionOn(DOUBTED)).toBe('ALLOW');
  });

  it('leaves neither number nor text in any sink', async () => {
    const sinks = await sinksOf(running);
    expect(leaksIn(sinks, [STOPPED, DOUBTED, ANOTHER])).toEqual([]);
    expect(leaksIn(sinks, ['Marguerite'])).toEqual([]);
  });
});
