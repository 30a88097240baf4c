import { describe, expect, test } from 'vitest';
import { aws, clock, declare, dropped, invoke, log, start } from './lambda-fixture.ts';

describe('an asynchronous invocation', () => {
  const queueNamed = (QueueName: string) => aws.sqs.createQueue({ QueueName });
  const failing = 'async (event) => { console.log("attempt"); throw new Error("no"); }';
  const attempts = () => log('later').match(/^attempt$/gm)?.length ?? 0;

  async function exhaust(): Promise<void> {
    expect((await invoke('later', { n: 1 }, { InvocationType: 'Event' })).StatusCode).toBe(202);
    for (const [made, waitMs] of [
      [1, 60_000],
      [2, 120_000],
    ] as const) {
      await expect.poll(attempts).toBe(made);
      await new Promise((resolve) => setTimeout(resolve, 50));
      clock.advance(waitMs - 1);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(attempts()).toBe(made);
      clock.advance(1);
    }
    await expect.poll(attempts).toBe(3);
  }

  test('is retried twice, then recorded at the failure destination', async () => {
    const queue = queueNamed('failures');
    const arn = declare('later', failing, { DestinationConfig: { OnFailure: { Destination: queue.arn } } });
    await exhaust();
    await expect.poll(() => queue.counts().visible).toBe(1);
    const [message] = await queue.receive({ max: 1, waitMs: 0 });
    expect(JSON.parse(message?.body ?? '')).toMatchObject({
      version: '1.0',
      requestContext: {
        functionArn: `${arn}:$LATEST`,
        condition: 'RetriesExhausted',
        approximateInvokeCount: 3,
      },
      requestPayload: { n: 1 },
      responseContext: { functionError: 'Unhandled' },
      responsePayload: { errorMessage: 'no' },
    });
  });

  test('goes to the dead-letter queue as it came', async () => {
    const queue = queueNamed('dead');
    declare('later', failing, { DeadLetterConfig: { TargetArn: queue.arn } });
    await exhaust();
    await expect.poll(() => queue.counts().visible).toBe(1);
    const [message] = await queue.receive({ max: 1, waitMs: 0 });
    expect(message?.body).toBe('{"n":1}');
  });

  test('without a destination is lost, and said so', async () => {
    declare('later', failing, { MaximumRetryAttempts: 0 });
    await invoke('later', {}, { InvocationType: 'Event' });
    await expect.poll(() => dropped).toEqual(['later']);
  });

  test('that was under way when the stack closed is done again after a restart', async () => {
    // Ending the function is no failure of its own: it must not use up an attempt.
    const begun = '() => { console.log("begun"); return new Promise(() => {}); }';
    declare('later', begun, { Timeout: 60, MaximumRetryAttempts: 0 });
    await invoke('later', { n: 1 }, { InvocationType: 'Event' });
    await expect.poll(() => log('later')).toContain('begun');
    await aws.close();
    await start();
    declare('later', 'async (event) => console.log("done " + event.n)');
    aws.resume();
    await expect.poll(() => log('later')).toContain('done 1');
  });
});
