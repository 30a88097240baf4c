import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';

/** A process that can be killed at any AWS call: from then on none of its calls gets through. */
export type Mortality = {
  /** Calls that got through, by name, in order. */
  readonly calls: string[];
  /** Kills the process at the n-th call, counted from 1: before it is sent, or when it was sent and its answer is lost. */
  killAt(call: number, when: 'BEFORE' | 'AFTER'): void;
  /** The same at the n-th call whose name matches. */
  killAtNamed(name: RegExp, call: number, when: 'BEFORE' | 'AFTER'): void;
  /** Whether it was killed by now. */
  isDead(): boolean;
  /** Makes any other call of the process. */
  pass<Answer>(name: string, send: () => Promise<Answer>): Promise<Answer>;
  s3(client: S3Client): S3Client;
  dynamodb(client: DynamoDBClient): DynamoDBClient;
};

export function mortality(): Mortality {
  const calls: string[] = [];
  let fatal = Number.POSITIVE_INFINITY;
  let fatalWhen: 'BEFORE' | 'AFTER' = 'BEFORE';
  let awaited: { readonly name: RegExp; left: number } | undefined;
  const isDead = () => calls.length > fatal || (calls.length === fatal && fatalWhen === 'BEFORE');
  const killed = () => new Error('killed');
  const pass = async <Answer>(name: string | undefined, send: () => Promise<Answer>): Promise<Answer> => {
    calls.push(name ?? '');
    if (awaited?.name.test(name ?? '') === true) {
      awaited.left -= 1;
      if (awaited.left === 0) fatal = calls.length;
    }
    if (isDead()) throw killed();
    const answer = await send();
    if (calls.length >= fatal) throw killed();
    return answer;
  };
  return {
    calls,
    pass,
    isDead: () => calls.length >= fatal,
    killAt: (call, when) => {
      fatal = call;
      fatalWhen = when;
    },
    killAtNamed: (name, call, when) => {
      awaited = { name, left: call };
      fatalWhen = when;
    },
    s3: (client) => {
      client.middlewareStack.add(
        (next, { commandName }) =>
          (args) =>
            pass(commandName, () => next(args)),
        {
          step: 'initialize',
        },
      );
      return client;
    },
    dynamodb: (client) => {
      client.middlewareStack.add(
        (next, { commandName }) =>
          (args) =>
            pass(commandName, () => next(args)),
        {
          step: 'initialize',
        },
      );
      return client;
    },
  };
}
