import { randomUUID } from 'node:crypto';
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type Change, messagesOf } from '../../domain/dialler/changes.ts';
import type { DiallerQueue } from '../../domain/dialler/ports.ts';
import { ComplianceError } from '../../domain/errors.ts';
import { inParallel } from '../in-parallel.ts';

/** Amazon SQS takes ten messages at once, and 256 KB of them: those of one call are small. */
const MESSAGES_PER_CALL = 10;
const CALLS_AT_ONCE = 4;

/** What a dialler is to hear in its SQS FIFO queue: one message group for each lane. */
export class SqsDiallerQueue implements DiallerQueue {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  async send(changes: readonly Change[]): Promise<void> {
    const messages = messagesOf(changes);
    const calls = Array.from({ length: Math.ceil(messages.length / MESSAGES_PER_CALL) }, (_, at) =>
      messages.slice(at * MESSAGES_PER_CALL, (at + 1) * MESSAGES_PER_CALL),
    );
    await inParallel(calls, CALLS_AT_ONCE, (some) => this.#send(some));
  }

  async #send(messages: ReturnType<typeof messagesOf>): Promise<void> {
    const { Failed = [] } = await this.#client.send(
      new SendMessageBatchCommand({
        QueueUrl: this.#url,
        Entries: messages.map(({ lane, changes }, index) => ({
          Id: String(index),
          MessageBody: JSON.stringify({ changes }),
          MessageGroupId: lane,
          // Never deduplicated: the same contact point may change again before its first change is read.
          MessageDeduplicationId: randomUUID(),
        })),
      }),
    );
    if (Failed.length === 0) return;
    throw new ComplianceError({
      code: 'QUEUE_REFUSED',
      message: `expected every message in the queue, but ${Failed.length} of ${messages.length} were refused; all are sent again`,
    });
  }
}
