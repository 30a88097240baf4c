import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  createGenesysApi,
  type GenesysApiDeps,
  type GenesysCall,
} from '../../../../lib/adapters/genesys/cloud-api.ts';
import { CLIENT, type FakeServer, refusal, startFakeServer } from '../../../support/genesys-cloud/server.ts';

const GET: GenesysCall = { method: 'GET', path: '/api/v2/things', query: { searchValue: '+13175550142' } };
const POST: GenesysCall = { method: 'POST', path: '/api/v2/things', body: { name: 'thing' } };
const Answer = z.object({ done: z.number() });

let fake: FakeServer;
let done = 0;
beforeEach(async () => {
  done = 0;
  const things = /^\/api\/v2\/things$/;
  fake = await startFakeServer([
    { method: 'GET', path: things, answer: () => ({ status: 200, body: { done } }) },
    { method: 'POST', path: things, answer: () => ({ status: 200, body: { done: ++done } }) },
    { method: 'GET', path: /^\/api\/v2\/odd$/, answer: () => ({ status: 200, body: { other: true } }) },
    { method: 'PUT', path: things, answer: () => refusal(409, 'the version of +13175550142 is another') },
    {
      method: 'GET',
      path: /^\/api\/v2\/coded$/,
      answer: () => refusal(403, 'refused', 'no.entry.+13175550142'),
    },
    { method: 'POST', path: /^\/api\/v2\/taken$/, answer: () => refusal(409) },
    {
      method: 'GET',
      path: /^\/api\/v2\/forbidden$/,
      answer: () => refusal(403, 'you may not see +13175550142'),
    },
  ]);
});
afterEach(async () => {
  expect(fake.violations).toEqual([]);
  await fake.close();
});

/** A client whose clock moves by its waits alone. */
function client(change: Partial<GenesysApiDeps> = {}) {
  const waits: number[] = [];
  let clock = 1_000_000;
  const api = createGenesysApi({
    apiUrl: fake.url,
    loginUrl: fake.url,
    credentials: async () => CLIENT,
    rate: { burst: 1000, perSecond: 1000 },
    now: () => clock,
    wait: async (ms) => {
      waits.push(ms);
      clock += ms;
    },
    random: () => 0,
    timeoutMs: 5000,
    ...change,
  });
  return { api, waits, pass: (ms: number) => (clock += ms) };
}

const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: unknown) => error,
  );

describe('a call to Genesys Cloud', () => {
  it('asks for one token, and for another when that one lapses or is revoked', async () => {
    const { api, pass } = client();
    for (let i = 0; i < 3; i += 1) await api.send(GET, Answer);
    fake.revokeTokens();
    await api.send(POST, Answer);
    pass(86_400_000);
    expect(await api.send(GET, Answer)).toEqual({ done: 1 });
    expect(fake.calls).toHaveLength(6);
  });

  it.each([
    ['429', { kind: 'STATUS', status: 429 }],
    ['503', { kind: 'STATUS', status: 503 }],
    ['no answer', { kind: 'NO_ANSWER' }],
  ] as const)('is read again after %s, with longer and longer pauses', async (_what, fault) => {
    fake.fail(fault, fault, fault);
    const { api, waits } = client();
    expect(await api.send(GET, Answer)).toEqual({ done: 0 });
    expect(waits).toEqual([500, 1000, 2000]);
  });

  it('waits as long as it is told to', async () => {
    fake.fail({ kind: 'STATUS', status: 429, retryAfterSeconds: 7 });
    const { api, waits } = client();
    await api.send(POST, Answer);
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(7000);
    expect(done).toBe(1);
  });

  it('gives up where it would wait longer than a run may take', async () => {
    fake.fail({ kind: 'STATUS', status: 429, retryAfterSeconds: 181 });
    const { api, waits } = client();
    expect(await caught(api.send(GET, Answer))).toMatchObject({ code: 'GENESYS_BUSY' });
    expect(waits).toEqual([]);
  });

  it.each([
    ['no answer came', { kind: 'NO_ANSWER', acted: true }],
    ['503 came', { kind: 'STATUS', status: 503, acted: true }],
    ['504 came', { kind: 'STATUS', status: 504, acted: true }],
  ] as const)('that changes something is never made twice where %s', async (_what, fault) => {
    fake.fail({ method: 'POST', ...fault });
    expect(await caught(client().api.send(POST, Answer))).toMatchObject({ code: 'GENESYS_UNCERTAIN' });
    expect(done).toBe(1);
  });

  it('that can be repeated is made again where it may have been carried out, with the pauses that were chosen', async () => {
    fake.fail({ kind: 'NO_ANSWER', acted: true }, { kind: 'STATUS', status: 503 });
    const { api, waits } = client({ firstPauseMs: 2000 });
    expect(await api.send({ ...POST, repeatable: true }, Answer)).toEqual({ done: 2 });
    expect(waits).toEqual([2000, 4000]);
  });

  it('that was repeated in vain may have been carried out the first time', async () => {
    const limit = Array.from({ length: 4 }, () => ({ kind: 'STATUS', status: 429 }) as const);
    fake.fail({ kind: 'NO_ANSWER', acted: true }, ...limit);
    const call = client().api.send({ ...POST, repeatable: true }, Answer);
    expect(await caught(call)).toMatchObject({ code: 'GENESYS_UNCERTAIN' });
  });

  it('that changes something is not sent any more after a minute', async () => {
    fake.fail({ kind: 'STATUS', status: 429, retryAfterSeconds: 61 });
    expect(await caught(client().api.send(POST, Answer))).toMatchObject({ code: 'GENESYS_BUSY' });
    expect(done).toBe(0);
  });

  it('fails as busy where no token comes', async () => {
    fake.fail({ kind: 'STATUS', status: 503, path: /token/ });
    expect(await caught(client().api.send(POST, Answer))).toMatchObject({ code: 'GENESYS_BUSY' });
    expect([done, fake.calls]).toEqual([0, []]);
  });

  it('ends after five attempts', async () => {
    fake.fail(...Array.from({ length: 9 }, () => ({ kind: 'STATUS', status: 429 }) as const));
    expect(await caught(client().api.send(POST, Answer))).toMatchObject({ code: 'GENESYS_BUSY' });
    expect(fake.calls).toHaveLength(5);
  });

  it.each([
    ['/api/v2/forbidden', 'GENESYS_REFUSED', /403 came \(missing\.permissions\)/],
    ['/api/v2/coded', 'GENESYS_REFUSED', /403 came \(no code\)/],
    ['/api/v2/odd', 'GENESYS_UNREADABLE', /another form/],
  ])('to %s fails with %s, and tells nothing of the person', async (path, code, message) => {
    const error = await caught(client().api.send({ ...GET, path }, Answer));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(String(error)).not.toContain('3175550142');
  });

  it('that replaces what is not as it was read is a conflict, and not made again', async () => {
    const error = await caught(client().api.send({ ...POST, method: 'PUT' }, Answer));
    expect(error).toMatchObject({ code: 'GENESYS_CONFLICT', message: expect.stringMatching(/409 came/) });
    expect(String(error)).not.toContain('3175550142');
    expect(fake.calls).toHaveLength(1);
    const taken = client().api.send({ ...POST, path: '/api/v2/taken' }, Answer);
    expect(await caught(taken)).toMatchObject({ code: 'GENESYS_REFUSED' });
  });

  it('reads a text where one is asked for', async () => {
    const { api } = client();
    expect(await api.send({ ...GET, plainText: true }, z.string())).toBe('{"done":0}');
  });

  it('is refused where the credentials are wrong', async () => {
    const { api } = client({ credentials: async () => ({ ...CLIENT, clientSecret: 'other' }) });
    expect(await caught(api.send(GET, Answer))).toMatchObject({ code: 'GENESYS_REFUSED' });
  });

  it('keeps under the rate, and lets a burst through', async () => {
    const { api, waits } = client({ rate: { burst: 3, perSecond: 2 } });
    for (let i = 0; i < 5; i += 1) await api.send(GET, Answer);
    expect(waits).toEqual([500, 500]);
  });
});
