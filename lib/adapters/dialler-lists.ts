import type { S3Client } from '@aws-sdk/client-s3';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Dialler, DiallerLists } from '../domain/dialler/dialler.ts';
import { ComplianceError } from '../domain/errors.ts';
import { S3SuppressionDrop } from './s3/suppression-drop.ts';

export type DiallerDeps = {
  readonly name: string;
  /** Empty where the dialler has no credentials of its own. */
  readonly secretArn: string;
  /** The OAuth client of Genesys Cloud, and where its region is; empty where none is connected. */
  readonly genesys: { readonly apiUrl: string; readonly loginUrl: string; readonly secretArn: string };
  readonly secrets: SecretsManagerClient;
  readonly s3: S3Client;
  /** Where files for diallers are put. */
  readonly bucket: string;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
  /** UUIDv7. */
  readonly newId: () => string;
};

/** The lists of a dialler by its setting. */
export function diallerListsOf(dialler: Dialler, deps: DiallerDeps): DiallerLists {
  const { name, s3, bucket, now, newId } = deps;
  switch (dialler.kind) {
    case 'file':
      return new S3SuppressionDrop({ client: s3, bucket, name, now, newId });
    case 'genesys-cloud':
    case 'nice-cxone':
    case 'webhook':
      throw new ComplianceError({
        code: 'DIALLER_UNKNOWN',
        message: `expected a kind of dialler with an adapter, got ${dialler.kind}`,
      });
  }
}
