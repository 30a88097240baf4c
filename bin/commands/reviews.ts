import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Command } from 'commander';
import * as z from 'zod';
import { readDataKey } from '../../lib/adapters/dynamodb/data-key.ts';
import { DynamoReviews } from '../../lib/adapters/dynamodb/reviews.ts';
import { createReviewText } from '../../lib/adapters/review-text.ts';
import { kekFrom } from '../../lib/adapters/secrets-manager/secrets.ts';
import { type Connection, connect, globalOptions, parseOptions } from './connection.ts';
import { print, printAnswer, upper } from './output.ts';
import { printable } from './printable.ts';

const ResolveOptions = z.object({ outcome: z.string(), by: z.string() });

/** `dialguard reviews list|resolve`: messages that could be opt-outs, for somebody to read. */
export function addReviews(program: Command): void {
  const reviews = program
    .command('reviews')
    .description('messages that could be opt-outs: their writers are blocked until somebody has read them');
  reviews
    .command('list')
    .description('what waits, with each message in clear: whoever lists must be allowed to read the key')
    .addHelpText('after', '\nExample:\n  $ npx dialguard reviews list')
    .action(async (_options: unknown, command: Command) => {
      const waiting = await waitingReviews(await connect(command), Date.now());
      print(globalOptions(command).json, waiting, () =>
        waiting.length === 0 ? ['Nothing waits for a reviewer.'] : waiting.flatMap(linesOf),
      );
    });
  reviews
    .command('resolve')
    .description('say what a message was; in doubt it is an opt-out')
    .argument('<id>', 'the review')
    .requiredOption('--outcome <outcome>', 'opt-out, or not-opt-out, which lifts the block')
    .requiredOption('--by <id>', 'who read it: an id, no name')
    .addHelpText(
      'after',
      '\nExample:\n  $ npx dialguard reviews resolve 5d41402abc4b2a76b9719d911017c592 --outcome opt-out --by officer-1',
    )
    .action(async (id: string, _options: unknown, command: Command) => {
      const { outcome, by } = parseOptions(ResolveOptions, command.opts());
      const connection = await connect(command);
      const path = `/v1/reviews/${encodeURIComponent(id)}`;
      const answer = await connection.post(path, { outcome: upper(outcome), by });
      printAnswer(globalOptions(command).json, answer, () => [
        upper(outcome) === 'OPT_OUT' ? 'Recorded as an opt-out.' : 'The block of this message is lifted.',
      ]);
    });
}

type WaitingReview = {
  readonly id: string;
  readonly channel: string;
  readonly seller: string;
  readonly keyword: string;
  readonly receivedAt: string;
  readonly dueAt: string;
  readonly overdue: boolean;
  /** Null where the person was erased since. */
  readonly text: string | null;
};

async function waitingReviews(
  { aws, endpoints }: Connection,
  now: number,
): Promise<readonly WaitingReview[]> {
  const dynamodb = new DynamoDBClient(aws);
  const { contactPoints: table, cases } = endpoints.tables;
  const { open } = createReviewText({
    dataKeyOf: (token) => readDataKey(dynamodb, { table, token }),
    kek: kekFrom(new SecretsManagerClient(aws), endpoints.secrets.kek),
  });
  const waiting = await new DynamoReviews(dynamodb, cases).waiting();
  return await Promise.all(
    waiting.map(async ({ id, token, channel, seller, keyword, receivedAt, dueAt, text }) => ({
      id,
      channel,
      seller,
      keyword,
      receivedAt: new Date(receivedAt).toISOString(),
      dueAt: new Date(dueAt).toISOString(),
      overdue: dueAt <= now,
      text: (text && (await open({ token, reviewId: id }, text))) ?? null,
    })),
  );
}

function linesOf({ id, channel, seller, keyword, dueAt, overdue, text }: WaitingReview): readonly string[] {
  const to = seller === '*' ? '' : ` to ${seller}`;
  const due = overdue ? `OVERDUE since ${dueAt}` : `due by ${dueAt}`;
  return [
    `${id}  ${channel}${to}, ${keyword}, ${due}`,
    `  ${text === null ? '(erased)' : `"${printable(text)}"`}`,
  ];
}
