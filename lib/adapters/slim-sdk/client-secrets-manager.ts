import { JsonClient, JsonCommand, namedError } from './json-client.ts';
import type { SlimConfig } from './signed-call.ts';

/** In the place of the SDK's client of the same name, for the one command below. */
export class SecretsManagerClient extends JsonClient {
  constructor(config: SlimConfig = {}) {
    super(
      { id: 'SECRETS_MANAGER', name: 'secretsmanager', contentType: 'application/x-amz-json-1.1' },
      config,
      namedError,
    );
  }
}

export class GetSecretValueCommand extends JsonCommand {
  constructor(input: unknown) {
    super('secretsmanager.GetSecretValue', input);
  }
}
