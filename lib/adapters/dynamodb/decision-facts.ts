import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Token } from '../../domain/contact-point/token.ts';
import type { RegistryFact } from '../../domain/policy/rules/context.ts';
import type { CallOptions, ContactPoint, DecisionFacts, RegistryQuestion } from '../../domain/ports.ts';
import { blockHas, placeOf } from '../../domain/registry/block.ts';
import { RegistryVersion, versionAtFor } from '../../domain/registry/version.ts';
import { batchGet } from './batch-get.ts';
import { attributes, contactPointOf, type Item } from './item.ts';
import { blockKey, versionKey } from './registry-keys.ts';

const StoredBlock = z.object({ bits: z.instanceof(Uint8Array) });

/** Contact points and registry blocks in one BatchGetItem. */
export class DynamoDecisionFacts implements DecisionFacts {
  readonly #client: DynamoDBClient;
  readonly #tables: { readonly contactPoints: string; readonly registryBlocks: string };

  constructor(
    client: DynamoDBClient,
    tables: { readonly contactPoints: string; readonly registryBlocks: string },
  ) {
    this.#client = client;
    this.#tables = tables;
  }

  async readForDecision(
    tokens: readonly Token[],
    questions: readonly RegistryQuestion[],
    options: CallOptions = {},
  ): Promise<{ contactPoints: readonly ContactPoint[]; registries: readonly (RegistryFact | undefined)[] }> {
    const { contactPoints, registryBlocks } = this.#tables;
    const tokenKeys = [...new Set(tokens)].map((token) => attributes({ token }));
    const blocks = new Set(
      questions.flatMap(({ registry, e164 }) => [versionKey(registry), blockKey(registry, e164)]),
    );
    const blockKeys = [...blocks].map((block) => attributes({ block }));
    const found = await batchGet(
      this.#client,
      {
        ...(tokenKeys.length === 0 ? {} : { [contactPoints]: { Keys: tokenKeys, ConsistentRead: true } }),
        ...(blockKeys.length === 0 ? {} : { [registryBlocks]: { Keys: blockKeys } }),
      },
      options,
    );
    const byToken = new Map(found.get(contactPoints)?.map((item) => [item['token']?.S, item]));
    const byBlock = new Map(found.get(registryBlocks)?.map((item) => [item['block']?.S, item]));
    return {
      contactPoints: tokens.map((token) => contactPointOf(token, byToken.get(token))),
      registries: questions.map((question) => registryFact(question, byBlock)),
    };
  }
}

function registryFact(
  { registry, e164 }: RegistryQuestion,
  items: ReadonlyMap<string | undefined, Item>,
): RegistryFact | undefined {
  const version = items.get(versionKey(registry));
  if (version === undefined) return undefined;
  const { areaCodes, ...dates } = RegistryVersion.parse(unmarshall(version));
  const block = items.get(blockKey(registry, e164));
  const listed =
    block !== undefined && blockHas(StoredBlock.parse(unmarshall(block)).bits, placeOf(e164).ending);
  return { registry, listed, versionAt: versionAtFor(dates, e164), areaCodes };
}
