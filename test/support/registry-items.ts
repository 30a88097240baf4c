import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { blockKey, versionKey } from '../../lib/adapters/dynamodb/registry-keys.ts';
import { sha256Hex } from '../../lib/domain/canonical-json.ts';
import { encodeBlock, placeOf } from '../../lib/domain/registry/block.ts';
import { RegistryVersion } from '../../lib/domain/registry/version.ts';
import { TABLES } from './dynalite.ts';
import { NOON } from './facts.ts';

export const US_NATIONAL = 'us-national';

type Given = {
  readonly versionAt?: number;
  readonly areaCodes?: RegistryVersion['areaCodes'];
  /** Numbers on the registry, no two of one block. */
  readonly listed?: readonly string[];
};

/** Puts a version of the US registry into use: its version item, and a block for each listed number. */
export async function putRegistry(
  client: DynamoDBClient,
  { versionAt = NOON, areaCodes = 'ALL', listed = [] }: Given = {},
): Promise<void> {
  const version = RegistryVersion.parse({
    registry: US_NATIONAL,
    versionAt,
    accessedAt: versionAt,
    areaCodes,
    numbers: listed.length,
    snapshotKey: 'registries/us-national/test.snapshot',
    snapshotSha256: sha256Hex('a snapshot'),
  });
  const blocks = listed.map((e164) => ({
    block: blockKey(US_NATIONAL, e164),
    bits: encodeBlock([placeOf(e164).ending]),
  }));
  for (const item of [{ block: versionKey(US_NATIONAL), ...version }, ...blocks]) {
    await client.send(new PutItemCommand({ TableName: TABLES.registryBlocks, Item: marshall(item) }));
  }
}
