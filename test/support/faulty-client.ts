import type { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import { dynamoDbClient } from './dynamodb-client.ts';

/**
 * A client whose first answer to `command` gets lost on the way after the store has done its work, so that the SDK
 * sends the request again.
 */
export function loseFirstResponse(endpoint: string, command: string) {
  const client = dynamoDbClient(endpoint);
  let lost = 0;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args).catch((error: unknown) => ({ error }));
      if (lost === 0 && context.commandName === command) {
        lost += 1;
        throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' });
      }
      if ('error' in result) throw result.error;
      return result;
    },
    { step: 'deserialize', priority: 'high', name: 'loseFirstResponse' },
  );
  return { client, lost: () => lost };
}

/** A client to which the store leaves every key of a BatchGetItem unprocessed the first `times` times. */
export function leaveUnprocessed(endpoint: string, times: number) {
  const client = dynamoDbClient(endpoint);
  const send = client.send.bind(client);
  let left = times;
  const unprocessed = (command: BatchGetItemCommand) => ({
    $metadata: {},
    Responses: {},
    UnprocessedKeys: command.input.RequestItems,
  });
  return {
    client: Object.assign(client, {
      send: (command: BatchGetItemCommand) => {
        left -= 1;
        return left >= 0 ? Promise.resolve(unprocessed(command)) : send(command);
      },
    }),
  };
}
