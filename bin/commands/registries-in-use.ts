import { S3Client } from '@aws-sdk/client-s3';
import { S3RegistrySnapshots } from '../../lib/adapters/s3/registry-snapshots.ts';
import type { RegistryVersion } from '../../lib/domain/registry/version.ts';
import type { Connection } from './connection.ts';

/** The version in use of every registry of a deployment. */
export async function registriesInUse({ aws, endpoints }: Connection): Promise<readonly RegistryVersion[]> {
  const snapshots = new S3RegistrySnapshots(new S3Client(aws), endpoints.buckets.registry);
  const names = await snapshots.registries();
  const versions = await Promise.all(names.map((name) => snapshots.current(name)));
  return versions.filter((version) => version !== undefined);
}
