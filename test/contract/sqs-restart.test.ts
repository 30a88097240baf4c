import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { account, clientsOf, credentials, startLocalAws, temporaryFolder } from './local-aws-fixture.ts';
import { aws, bodies, clock, counts, folder, receive, remove, send, sendTo, start } from './sqs-fixture.ts';

describe('a restart', () => {
  test('keeps messages, order, receipts, receive counts and deduplication', async () => {
    await sendTo('a', 'a1');
    await sendTo('a', 'a2');
    await send('plain', 'delayed', { DelaySeconds: 60 });
    const [held] = await receive('orders.fifo', { MaxNumberOfMessages: 1 });
    await aws.close();
    await start();
    expect(await counts('plain')).toBe('0 0 1');
    expect(await receive('orders.fifo')).toEqual([]);
    await sendTo('b', 'a1');
    expect(await counts('orders.fifo')).toBe('1 1 0');
    await remove('orders.fifo', held ?? {});
    expect(bodies(await receive('orders.fifo'))).toEqual(['a2']);
    await aws.close();
    await start();
    clock.advance(30_000);
    const [again] = await receive('orders.fifo', {
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    });
    expect(again).toMatchObject({ Body: 'a2', Attributes: { ApproximateReceiveCount: '2' } });
  });

  test('cuts off a line that was never finished and refuses one that is damaged', async () => {
    await send('plain', 'kept');
    await aws.close();
    const path = join(folder.path, 'sqs.ndjson');
    appendFileSync(path, '{"kind":"sent","queue":"pl');
    await start();
    expect(await counts('plain')).toBe('1 0 0');
    await aws.close();
    const intact = readFileSync(path, 'utf8');
    writeFileSync(path, `{"kind":\n${intact}`);
    await expect(startLocalAws(folder.path)).rejects.toThrow('damaged');
    writeFileSync(path, intact);
    await start();
  });

  test('a killed process loses nothing that it had acknowledged', async () => {
    const own = temporaryFolder();
    const values = [own.path, account.region, account.accountId, ...Object.values(credentials)];
    const host = spawn(process.execPath, [join(import.meta.dirname, 'sqs-host.ts'), ...values]);
    const gone = new Promise((resolve) => host.once('exit', resolve));
    const [endpoint] = await new Promise<string[]>((resolve) => {
      createInterface(host.stdout).once('line', (line) => resolve([line]));
    });
    const { sqs } = clientsOf(endpoint ?? '');
    const QueueUrl = `${endpoint}/${account.accountId}/survivor`;
    const acknowledged: string[] = [];
    const senders = Array.from({ length: 4 }, async (_, sender) => {
      for (let index = 0; ; index += 1) {
        const MessageBody = `${sender}-${index}`;
        await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
        acknowledged.push(MessageBody);
        if (acknowledged.length === 200) host.kill('SIGKILL');
      }
    });
    await Promise.allSettled(senders);
    await gone;
    const survived = await startLocalAws(own.path);
    const queue = survived.sqs.createQueue({ QueueName: 'survivor' });
    const found = new Set<string>();
    for (;;) {
      const messages = await queue.receive({ max: 10, waitMs: 0 });
      if (messages.length === 0) break;
      for (const { body } of messages) found.add(body);
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(200);
    expect(acknowledged.filter((body) => !found.has(body))).toEqual([]);
    await survived.close();
    own.remove();
  });
});
