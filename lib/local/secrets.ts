import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { arnOf } from './arn.ts';
import { createJsonService, jsonAction } from './aws-json.ts';
import { type AwsAccount, AwsError, type AwsService } from './aws-service.ts';
import { type Clock, systemClock } from './clock.ts';
import { openJournal } from './journal.ts';

/** The properties of AWS::SecretsManager::Secret that say what the secret holds. */
export const SecretProperties = z
  .object({
    Name: z.string().regex(/^[A-Za-z0-9/_+=.@-]{1,512}$/),
    Description: z.string().optional(),
    SecretString: z.string().optional(),
    GenerateSecretString: z
      .object({
        SecretStringTemplate: z.string().optional(),
        GenerateStringKey: z.string().optional(),
        PasswordLength: z.coerce.number().int().min(1).max(4096).default(32),
        ExcludeCharacters: z.string().default(''),
        ExcludeLowercase: z.boolean().default(false),
        ExcludeUppercase: z.boolean().default(false),
        ExcludeNumbers: z.boolean().default(false),
        ExcludePunctuation: z.boolean().default(false),
        IncludeSpace: z.boolean().default(false),
        RequireEachIncludedType: z.boolean().default(true),
      })
      .optional(),
  })
  .refine(
    ({ SecretString, GenerateSecretString }) =>
      (SecretString === undefined) !== (GenerateSecretString === undefined),
    { error: 'A secret has a value or says how to make one.' },
  );
type SecretProperties = z.output<typeof SecretProperties>;
type Generate = NonNullable<SecretProperties['GenerateSecretString']>;

const Secret = z.object({
  name: z.string(),
  arn: z.string(),
  description: z.string().optional(),
  versionId: z.string(),
  createdAt: z.number(),
  value: z.string(),
});
type Secret = z.output<typeof Secret>;

export type Secrets = {
  /** What the gateway routes `secretsmanager` to. */
  readonly service: AwsService;
  /** Declares a secret and returns its ARN; one that an earlier run made keeps its ARN and value. */
  createSecret(properties: z.input<typeof SecretProperties>): string;
  close(): void;
};

export type SecretsOptions = {
  readonly account: AwsAccount;
  readonly folder: string;
  readonly clock?: Clock;
};

/** AWS Secrets Manager on one machine: GetSecretValue, PutSecretValue and DescribeSecret. Values lie in a file only its owner may read. */
export function createSecrets(options: SecretsOptions): Secrets {
  const byName = new Map<string, Secret>();
  const keep = (secret: Secret): void => void byName.set(secret.name, secret);
  const journal = openJournal(join(options.folder, 'secrets.ndjson'), (record) => keep(Secret.parse(record)));
  const clock = options.clock ?? systemClock;
  const replace = (secret: Secret): void => {
    journal.append(secret);
    keep(secret);
  };
  return {
    service: secretsService(
      (id) => byName.get(id) ?? [...byName.values()].find(({ arn }) => arn === id),
      replace,
    ),
    createSecret(input) {
      const properties = SecretProperties.parse(input);
      const known = byName.get(properties.Name);
      if (known !== undefined) return known.arn;
      const secret: Secret = {
        name: properties.Name,
        // "Secrets Manager automatically adds several random characters to the name" (API reference, CreateSecret)
        arn: arnOf(
          options.account,
          'secretsmanager',
          `secret:${properties.Name}-${randomBytes(3).toString('hex')}`,
        ),
        ...(properties.Description === undefined ? {} : { description: properties.Description }),
        versionId: randomUUID(),
        createdAt: clock.now(),
        value: secretValue(properties),
      };
      replace(secret);
      return secret.arn;
    },
    close: () => journal.close(),
  };
}

const SecretId = z.object({
  SecretId: z.string().min(1),
  VersionId: z.string().optional(),
  VersionStage: z.string().optional(),
});

const NewValue = z.object({ SecretId: z.string().min(1), SecretString: z.string().min(1) });

function secretsService(
  find: (id: string) => Secret | undefined,
  replace: (secret: Secret) => void,
): AwsService {
  const found = (input: z.output<typeof SecretId>): Secret => {
    const secret = find(input.SecretId);
    const current = input.VersionStage === undefined || input.VersionStage === 'AWSCURRENT';
    const version = input.VersionId === undefined || input.VersionId === secret?.versionId;
    if (secret !== undefined && current && version) return secret;
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  };
  return createJsonService({
    target: 'secretsmanager',
    version: '1.1',
    actions: {
      GetSecretValue: jsonAction({
        input: SecretId,
        code: 'InvalidParameterException',
        run: (input) => withValue(found(input)),
      }),
      PutSecretValue: jsonAction({
        input: NewValue,
        code: 'InvalidParameterException',
        run: ({ SecretId: id, SecretString: value }) => {
          const secret = { ...found({ SecretId: id }), versionId: randomUUID(), value };
          replace(secret);
          return answerTo(secret);
        },
      }),
      DescribeSecret: jsonAction({
        input: SecretId,
        code: 'InvalidParameterException',
        run: (input) => describe(found(input)),
      }),
    },
  });
}

function answerTo({ arn, name, versionId }: Secret): object {
  return { ARN: arn, Name: name, VersionId: versionId, VersionStages: ['AWSCURRENT'] };
}

function withValue(secret: Secret): object {
  return { ...answerTo(secret), SecretString: secret.value, CreatedDate: secret.createdAt / 1000 };
}

function describe(secret: Secret): object {
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    CreatedDate: secret.createdAt / 1000,
    VersionIdsToStages: { [secret.versionId]: ['AWSCURRENT'] },
  };
}

function secretValue({ SecretString, GenerateSecretString: generate }: SecretProperties): string {
  if (SecretString !== undefined) return SecretString;
  if (generate === undefined) throw new Error('A secret has a value or says how to make one.');
  const { SecretStringTemplate: template, GenerateStringKey: key } = generate;
  if (template === undefined || key === undefined) return password(generate);
  const fields = z.record(z.string(), z.json()).parse(JSON.parse(template));
  return JSON.stringify({ ...fields, [key]: password(generate) });
}

/** A random string of the character types that are not excluded (API reference, GetRandomPassword). */
function password(generate: Generate): string {
  const types = [
    generate.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz',
    generate.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    generate.ExcludeNumbers ? '' : '0123456789',
    generate.ExcludePunctuation ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    generate.IncludeSpace ? ' ' : '',
  ].map((type) => [...type].filter((character) => !generate.ExcludeCharacters.includes(character)));
  const all = types.flat();
  if (all.length === 0) throw new Error('The secret excludes every character.');
  const required = generate.RequireEachIncludedType ? types.filter((type) => type.length > 0) : [];
  for (;;) {
    const characters = Array.from(
      { length: generate.PasswordLength },
      () => all[randomInt(all.length)] ?? '',
    );
    const impossible = required.length > generate.PasswordLength;
    if (impossible || required.every((type) => type.some((one) => characters.includes(one))))
      return characters.join('');
  }
}
