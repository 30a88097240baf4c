import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { optOut } from '../system/preferences.ts';
import { type Ran, runCommand } from '../system/run-command.ts';
import { eventually, type RunningStack, startStack } from '../system/running-stack.ts';

const PERSON = '+12125550123';
const ID = /^([0-9a-f-]{36}) {2}/;

let running: RunningStack;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dialguard-privacy-'));
  running = await startStack('US');
  await optOut(running.connection, { phoneNumber: PERSON });
});
afterAll(async () => {
  await running.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function privacy(...args: readonly string[]): Promise<Ran> {
  return await runCommand(['--endpoints', running.endpointsFile, 'privacy', ...args], folder);
}

/** Takes a request in and returns its id. */
async function taken(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await privacy('request', ...args, '--by', 'officer-1');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return ID.exec(stdout)?.[1] ?? '';
}

/** Lets the schedule's work be done until a request has a state. */
async function until(id: string, state: string): Promise<void> {
  const { aws, endpoints, get } = running.connection;
  const client = new LambdaClient(aws);
  const invoke = new InvokeCommand({ FunctionName: endpoints.functions.runSubjectRequests, Payload: '{}' });
  await eventually(`${id} is ${state}`, async () => {
    // The schedule may be at it.
    await client.send(invoke).catch(() => undefined);
    const { body } = await get(`/v1/subject-requests/${id}`);
    return z.object({ state: z.string() }).parse(body).state === state ? true : undefined;
  });
}

describe('dialguard privacy', () => {
  it('takes an access request from its arrival to its answer', async () => {
    const id = await taken('access', '--phone', PERSON, '--name', 'Ann Example');
    expect((await privacy('list')).stdout).toMatch(
      new RegExp(`${id} {2}ACCESS, RECEIVED, due \\S+ .*days left`),
    );
    expect((await privacy('identity', id, '--method', 'call-back', '--by', 'officer-1')).code).toBe(0);
    await until(id, 'AWAITING_REVIEW');
    const alone = await privacy('approve', id, '--none', '--by', 'officer-1');
    expect(alone).toMatchObject({ code: 1, stdout: expect.stringContaining('SAME_PERSON') });
    expect((await privacy('approve', id, '--none', '--by', 'officer-2')).code).toBe(0);
    await until(id, 'COMPLETED');
    const { stdout } = await privacy('show', id);
    expect(stdout).toContain(`PHONE ${PERSON}`);
    expect(stdout).toContain('DONE    our own store');
    expect((await privacy('list')).stdout).not.toContain(id);
    expect((await privacy('list', '--all')).stdout).toContain(id);
    const fetched = await privacy('results', id, '--out', 'answer');
    expect(fetched).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(join(folder, 'answer'))).toEqual(['dialguard-1-statements.csv', 'dialguard-1.json']);
    expect(statSync(join(folder, 'answer', 'dialguard-1.json')).mode & 0o777).toBe(0o600);
    const told = JSON.parse(readFileSync(join(folder, 'answer', 'dialguard-1.json'), 'utf8'));
    expect(told).toMatchObject({ contactPoint: `tel:${PERSON}`, statements: { suppressions: [{}] } });
    expect(readFileSync(join(folder, 'answer', 'dialguard-1-statements.csv'), 'utf8')).toContain(
      `tel:${PERSON}`,
    );
  });

  it('erases, says what stays, and has nothing left to fetch', async () => {
    const id = await taken('erasure', '--phone', PERSON);
    await privacy('identity', id, '--method', 'document', '--by', 'officer-1');
    await until(id, 'AWAITING_REVIEW');
    await privacy('approve', id, '--none', '--by', 'officer-2');
    await until(id, 'COMPLETED');
    const { stdout } = await privacy('show', id);
    expect(stdout).toContain('What stays, and why:\n  one suppression for each contact point');
    expect(stdout).not.toContain('2125550123');
    expect(await privacy('results', id, '--out', 'nothing')).toMatchObject({
      code: 1,
      stdout: 'Nothing was found for this request, or not yet.\n',
    });
  });

  it('refuses, with a reason, and destroys what was said', async () => {
    const id = await taken('rectification', '--phone', PERSON, '--replace', `phone:${PERSON}=>+12125550124`);
    expect((await privacy('show', id)).stdout).toContain(`PHONE ${PERSON} by +12125550124`);
    expect((await privacy('extend', id, '--reason', 'complexity', '--by', 'officer-1')).stdout).toContain(
      'extended',
    );
    expect(await privacy('refuse', id, '--reason', 'identity-not-shown', '--by', 'officer-2')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('was refused (IDENTITY_NOT_SHOWN)'),
    });
    expect((await privacy('show', id)).stdout).toContain('(destroyed)');
    const again = await privacy('retry', id, '--by', 'officer-2');
    expect(again).toMatchObject({ code: 1, stdout: expect.stringContaining('WRONG_STATE') });
  });

  it.each<[readonly string[], number, RegExp]>([
    [['request', 'erasure', '--phone', '12', '--by', 'officer-1'], 1, /UNREADABLE_INPUT/],
    [['request', 'erasure', '--phone', '+442079460018', '--by', 'officer-1'], 1, /WRONG_REGION/],
    [['request', 'erasure', '--by', 'officer-1'], 1, /expected at least one identifier/],
    [['request', 'forget-me', '--phone', PERSON, '--by', 'officer-1'], 1, /INVALID_REQUEST/],
    [
      ['request', 'rectification', '--replace', 'phone', '--by', 'officer-1'],
      1,
      /expected <kind>:<existing>/,
    ],
    [['approve', 'x', '--by', 'officer-2'], 1, /--subjects <keys\.\.\.>, or --none/],
    [['show', '01a20144-d9a7-70af-a312-2e1154c20698'], 1, /UNKNOWN_REQUEST/],
    [['results', '01a20144-d9a7-70af-a312-2e1154c20698', '--out', 'none'], 1, /Nothing was found/],
  ])('says what is wrong with %j', async (args, code, says) => {
    const ran = await privacy(...args);
    expect(ran.code).toBe(code);
    expect(ran.stdout + ran.stderr).toMatch(says);
  });

  it('prints JSON for programs', async () => {
    const { stdout } = await runCommand(
      ['--endpoints', running.endpointsFile, '--json', 'privacy', 'list', '--all'],
      folder,
    );
    expect(JSON.parse(stdout).requests.length).toBeGreaterThan(2);
  });
});
