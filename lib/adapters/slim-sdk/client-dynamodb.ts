import { JsonClient, JsonCommand, type Metadata, namedError } from './json-client.ts';
import type { SlimConfig } from './signed-call.ts';

const VERSION = 'DynamoDB_20120810';
const SERVICE = { id: 'DYNAMODB', name: 'dynamodb', contentType: 'application/x-amz-json-1.0' };

export class ConditionalCheckFailedException extends Error {
  override readonly name = 'ConditionalCheckFailedException';
  readonly $metadata: Metadata;

  constructor(message: string, metadata: Metadata) {
    super(message);
    this.$metadata = metadata;
  }
}

/** In the place of the SDK's client of the same name, for the three commands below. */
export class DynamoDBClient extends JsonClient {
  constructor(config: SlimConfig = {}) {
    super(SERVICE, config, (name, message, metadata) =>
      name === 'ConditionalCheckFailedException'
        ? new ConditionalCheckFailedException(message, metadata)
        : namedError(name, message, metadata),
    );
  }
}

export class BatchGetItemCommand extends JsonCommand {
  constructor(input: unknown) {
    super(`${VERSION}.BatchGetItem`, input);
  }
}

export class GetItemCommand extends JsonCommand {
  constructor(input: unknown) {
    super(`${VERSION}.GetItem`, input);
  }
}

export class UpdateItemCommand extends JsonCommand {
  constructor(input: unknown) {
    super(`${VERSION}.UpdateItem`, input);
  }
}
