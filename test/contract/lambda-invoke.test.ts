import { describe, expect, test } from 'vitest';
import { codeFolder } from './function-fixture.ts';
import { aws, declare, folder, invoke, log, logs } from './lambda-fixture.ts';
import { account, credentials } from './local-aws-fixture.ts';

describe('Invoke', () => {
  test('hands the event over and the answer back', async () => {
    declare('echo', 'async (event) => ({ got: event })');
    const answer = await invoke('echo', { text: 'héllo', n: [1] });
    expect(answer).toMatchObject({
      StatusCode: 200,
      ExecutedVersion: '$LATEST',
      payload: { got: { text: 'héllo', n: [1] } },
    });
    expect(answer.FunctionError).toBeUndefined();
  });

  test.each(['index.js', 'index.mjs'])('loads %s, whatever package lies above it', async (file) => {
    const source = file.endsWith('mjs')
      ? `import { basename } from 'node:path'; export const handler = async () => basename('/a/b');`
      : `const { basename } = require('node:path'); exports.handler = async () => basename('/a/b');`;
    const CodeFolder = codeFolder(folder.path, 'loaded', source, file);
    aws.lambda.createFunction({ FunctionName: 'loaded', CodeFolder, Handler: 'index.handler' });
    expect((await invoke('loaded')).payload).toBe('b');
  });

  test('finds the function by name, ARN and partial ARN, and no other', async () => {
    const arn = declare('named', 'async () => 1');
    for (const name of ['named', arn, `${arn}:$LATEST`, `${account.accountId}:function:named`]) {
      expect((await invoke(name)).payload).toBe(1);
    }
    await expect(invoke('unknown')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(invoke('named', {}, { Qualifier: '7' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('gives the function exactly its environment', async () => {
    declare('environment', 'async () => process.env', { Environment: { Variables: { TABLE: 'things' } } });
    expect((await invoke('environment')).payload).toEqual({
      TABLE: 'things',
      AWS_REGION: account.region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_LAMBDA_FUNCTION_NAME: 'environment',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    });
  });

  test('gives the function its context', async () => {
    declare('context', 'async (_, context) => ({ ...context, left: context.getRemainingTimeInMillis() })', {
      Timeout: 7,
    });
    const { payload } = await invoke('context');
    expect(payload).toMatchObject({
      functionName: 'context',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      invokedFunctionArn: `arn:aws:lambda:${account.region}:${account.accountId}:function:context`,
    });
    expect(payload.left).toBeGreaterThan(5000);
    expect(payload.left).toBeLessThanOrEqual(7000);
  });

  test('runs several invocations at once in one worker', async () => {
    declare(
      'gate',
      '(() => { const open = []; return (event) => new Promise((done) => { open.push(done); if (open.length === 3) for (const one of open) one(open.length); }); })()',
    );
    const answers = await Promise.all([invoke('gate'), invoke('gate'), invoke('gate')]);
    expect(answers.map(({ payload }) => payload)).toEqual([3, 3, 3]);
  });

  test('a dry run does not run the function', async () => {
    declare('dry', 'async () => { throw new Error("ran"); }');
    const answer = await invoke('dry', {}, { InvocationType: 'DryRun' });
    expect(answer.StatusCode).toBe(204);
    expect(logs).toEqual([]);
  });

  test.each([
    ['that is no JSON', '{', 'InvalidRequestContentException'],
    ['over 6 MB', JSON.stringify('x'.repeat(6 * 1024 * 1024)), 'RequestTooLargeException'],
  ])('refuses a payload %s', async (_name, Payload, name) => {
    declare('any', 'async () => 1');
    await expect(invoke('any', {}, { Payload })).rejects.toMatchObject({ name });
  });

  test('throttles above the reserved concurrency', async () => {
    declare('one', '() => new Promise((done) => setTimeout(done, 200))', { ReservedConcurrentExecutions: 1 });
    const results = await Promise.allSettled([invoke('one'), invoke('one')]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const rejected = results.find(({ status }) => status === 'rejected');
    expect(rejected).toMatchObject({ reason: { name: 'TooManyRequestsException' } });
  });
});

describe('a function that fails', () => {
  test('reports what it threw, and serves the next event', async () => {
    declare('throws', 'async (event) => { if (event.bad) throw new TypeError("not good"); return "fine"; }');
    const answer = await invoke('throws', { bad: true });
    expect(answer).toMatchObject({
      StatusCode: 200,
      FunctionError: 'Unhandled',
      payload: { errorType: 'TypeError', errorMessage: 'not good', trace: expect.any(Array) },
    });
    expect((await invoke('throws')).payload).toBe('fine');
  });

  test.each([
    ['a timeout', 'new Promise(() => {})', /^RequestId: \S+ Error: Task timed out after 1\.00 seconds$/],
    ['a loop without end', '(() => { for (;;); })()', /Task timed out after 1\.00 seconds$/],
    ['an exit', 'process.exit(3)', /exited with error: exit status 3/],
    ['an exit without an error', 'process.exit(0)', /exited without providing a reason/],
    [
      'an error outside of the handler',
      'new Promise(() => setImmediate(() => { throw new Error("loose"); }))',
      /^loose$/,
    ],
    [
      'a rejection that nobody handles',
      'new Promise(() => void Promise.reject(new Error("loose")))',
      /^loose$/,
    ],
  ])('by %s is started anew', async (_name, failure, errorMessage) => {
    const handler = `(() => { let calls = 0; return (event) => { calls += 1; return event.bad ? ${failure} : calls; }; })()`;
    declare('fragile', handler, { Timeout: 1 });
    expect((await invoke('fragile')).payload).toBe(1);
    const answer = await invoke('fragile', { bad: true });
    expect(answer.FunctionError).toBe('Unhandled');
    expect(answer.payload.errorMessage).toMatch(errorMessage);
    expect((await invoke('fragile')).payload).toBe(1);
  });

  test('by a timeout does not take the others in its worker with it', async () => {
    declare(
      'shared',
      '(event) => new Promise((done) => { if (!event.never) setTimeout(() => done("late"), 600); })',
      { Timeout: 1 },
    );
    const stuck = invoke('shared', { never: true });
    await new Promise((resolve) => setTimeout(resolve, 700));
    const late = invoke('shared');
    expect((await stuck).payload.errorType).toBe('Sandbox.Timedout');
    expect((await late).payload).toBe('late');
  });

  test.each([
    ['that cannot be loaded', 'throw new RangeError("no setting");', 'RangeError', 'no setting'],
    [
      'without its handler',
      'exports.other = 1;',
      'Runtime.HandlerNotFound',
      'handler is undefined or not exported',
    ],
    ['that does not parse', 'const = 1;', 'SyntaxError', expect.any(String)],
  ])('%s stops the boot, and says so at each event', async (_name, source, errorType, errorMessage) => {
    const CodeFolder = codeFolder(folder.path, 'broken', source);
    aws.lambda.createFunction({ FunctionName: 'broken', CodeFolder, Handler: 'index.handler' });
    await expect(aws.lambda.warm()).rejects.toThrow('broken does not load');
    for (let round = 0; round < 2; round += 1) {
      const answer = await invoke('broken');
      expect(answer).toMatchObject({ FunctionError: 'Unhandled', payload: { errorType, errorMessage } });
    }
  });

  test('writes what it prints, and its error, to its log', async () => {
    declare(
      'prints',
      'async () => { console.log("to stdout"); console.error("to stderr"); throw new Error("thrown"); }',
    );
    await invoke('prints');
    await expect.poll(() => log('prints')).toContain('Error: thrown');
    expect(log('prints')).toContain('to stdout');
    expect(log('prints')).toContain('to stderr');
    expect(logs.join('')).toContain('prints: to stdout');
  });
});
