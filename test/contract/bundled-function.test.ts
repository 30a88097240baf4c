import { createRequire } from 'node:module';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { createQueueMapping } from '../../lib/local/event-source-mapping/queue-mapping.ts';
import { codeFolder } from './function-fixture.ts';
import { account, startLocalAws, temporaryFolder } from './local-aws-fixture.ts';

test('a bundled function reaches the local AWS with a bare SDK client, from event to event', async () => {
  const folder = temporaryFolder();
  const aws = await startLocalAws(folder.path);
  const plain = aws.sqs.createQueue({ QueueName: 'plain' });
  const fifo = aws.sqs.createQueue({
    QueueName: 'in.fifo',
    FifoQueue: true,
    ContentBasedDeduplication: true,
  });
  const source = `
    import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
    const sqs = new SQSClient({});
    export const handler = async (event) => {
      for (const { body } of event.Records) {
        await sqs.send(new SendMessageCommand({ QueueUrl: process.env.OUT, MessageBody: body.toUpperCase() }));
      }
      return { batchItemFailures: [] };
    };`;
  const resolveDir = createRequire(import.meta.url)
    .resolve('../../package.json')
    .replace('package.json', '');
  const bundled = await build({
    stdin: { contents: source, resolveDir },
    ...{ bundle: true, write: false, platform: 'node', format: 'cjs' },
  });
  const CodeFolder = codeFolder(folder.path, 'shout', bundled.outputFiles[0]?.text ?? '');
  const Environment = { Variables: { OUT: plain.url } };
  const arn = aws.lambda.createFunction({
    FunctionName: 'shout',
    CodeFolder,
    Handler: 'index.handler',
    Timeout: 20,
    Environment,
  });
  const mapping = createQueueMapping({
    queue: fifo,
    region: account.region,
    invoke: (payload) => aws.lambda.invoke(arn, payload),
    properties: { FunctionResponseTypes: ['ReportBatchItemFailures'] },
  });
  fifo.send({ body: 'stop', groupId: 'g' });
  await expect.poll(() => plain.counts().visible, { timeout: 120_000 }).toBe(1);
  const [message] = await plain.receive({ max: 1, waitMs: 0 });
  expect(message?.body).toBe('STOP');
  await expect.poll(() => fifo.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  await mapping.close();
  await aws.close();
  folder.remove();
});
