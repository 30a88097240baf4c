import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, test } from 'vitest';
import { SqsDeadLetters } from '../../../../lib/adapters/sqs/dead-letters.ts';
import { sameUuid } from '../../../../lib/adapters/sqs/same-uuid.ts';
import { NOON } from '../../../support/facts.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** What the SDK puts on the wire, answered with one status. */
async function queue(statusCode: number) {
  const requests: unknown[] = [];
  const server = createServer(async (request, response) => {
    requests.push({ target: request.headers['x-amz-target'], ...JSON.parse(await text(request)) });
    response.writeHead(statusCode, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify({ __type: 'com.amazonaws.sqs#QueueDoesNotExist', MessageId: 'dead-1' }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  const endpoint = `http://127.0.0.1:${address.port}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SQSClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1, md5: false });
  stops.push(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  });
  const url = `${endpoint}/123456789012/opt-outs-dlq.fifo`;
  return { requests, url, deadLetters: new SqsDeadLetters(client, url) };
}

describe('a dead letter', () => {
  test('goes to the FIFO queue as it came, in a group of its own, once', async () => {
    const { requests, url, deadLetters } = await queue(200);
    await deadLetters.send({ id: 'm-1', body: '{"cut', cause: 'BAD_JSON' });
    expect(requests).toEqual([
      {
        target: 'AmazonSQS.SendMessage',
        QueueUrl: url,
        MessageBody: '{"cut',
        MessageGroupId: 'm-1',
        MessageDeduplicationId: 'm-1',
        MessageAttributes: { cause: { DataType: 'String', StringValue: 'BAD_JSON' } },
      },
    ]);
  });

  test('that the queue refuses is an error, so that the message is not acknowledged', async () => {
    const { deadLetters } = await queue(400);
    await expect(deadLetters.send({ id: 'm-1', body: 'x', cause: 'BAD_JSON' })).rejects.toThrow();
  });
});

describe('the id of the entry about a message', () => {
  test('is a UUIDv7 of its time, the same each time, another for another message', () => {
    const id = sameUuid('m-1', NOON);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(NOON);
    expect(sameUuid('m-1', NOON)).toBe(id);
    expect(sameUuid('m-2', NOON)).not.toBe(id);
    expect(sameUuid('m-1', NOON + 1)).not.toBe(id);
  });
});
