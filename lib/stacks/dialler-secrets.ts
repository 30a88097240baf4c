import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { GuardedSecret, type GuardedSecretProps } from '../constructs/guarded-secret.ts';
import type { Settings } from './settings.ts';

type Credentials = Pick<GuardedSecretProps, 'property' | 'beside' | 'unrotated'>;

const credentials: Readonly<Record<Settings['diallers'][string]['kind'], Credentials | undefined>> = {
  // By the OAuth client that all calls to Genesys Cloud go by.
  'genesys-cloud': undefined,
  'nice-cxone': {
    property: 'accessKeySecret',
    beside: { accessKeyId: '' },
    unrotated: 'NICE CXone issues the pair; an administrator who renews it there puts it here.',
  },
  webhook: {
    property: 'signingSecret',
    beside: {},
    unrotated: 'The receiver knows the same secret: whoever renews it here tells the receiver.',
  },
  file: undefined,
};

/** A secret for each dialler that has credentials of its own, by its name. */
export function diallerSecrets(
  scope: Construct,
  key: IKey,
  { diallers, keyAdministratorPath }: Settings,
): ReadonlyMap<string, Secret> {
  const secrets = Object.entries(diallers).flatMap(([name, { kind }]) => {
    const given = credentials[kind];
    if (given === undefined) return [];
    const { secret } = new GuardedSecret(scope, `Dialler-${name}`, {
      ...given,
      description: `dialguard dialler ${name}`,
      key,
      administratorPath: keyAdministratorPath,
    });
    return [[name, secret] as const];
  });
  return new Map(secrets);
}
