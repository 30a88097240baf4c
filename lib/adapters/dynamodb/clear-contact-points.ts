import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { parseEmailAddress } from '../../domain/contact-point/email-address.ts';
import { parsePhoneNumber } from '../../domain/contact-point/phone-number.ts';
import { isToken, type Token } from '../../domain/contact-point/token.ts';
import type { ClearContactPoint, ClearContactPoints } from '../../domain/dialler/ports.ts';
import { EMPTY_STATE, holdsNoFacts } from '../../domain/state/state.ts';
import { open } from '../secrets-manager/sealing.ts';
import type { KeyEncryptionKey } from '../secrets-manager/secrets.ts';
import { batchGet } from './batch-get.ts';
import { attributes, contactPointOf, type Item } from './item.ts';

const Bytes = z.instanceof(Uint8Array);
const SealedItem = z.object({ sealed: Bytes, dataKey: Bytes });

/** Contact points with what is sealed on them, opened: for diallers, who know numbers and addresses only. */
export class DynamoClearContactPoints implements ClearContactPoints {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #kek: () => Promise<KeyEncryptionKey>;

  constructor(client: DynamoDBClient, table: string, kek: () => Promise<KeyEncryptionKey>) {
    this.#client = client;
    this.#table = table;
    this.#kek = kek;
  }

  async readClear(tokens: readonly Token[]): Promise<readonly ClearContactPoint[]> {
    const kek = await this.#kek();
    const Keys = tokens.map((token) => attributes({ token }));
    const found = await batchGet(this.#client, { [this.#table]: { Keys, ConsistentRead: true } }, {});
    const items = new Map(found.get(this.#table)?.map((item) => [item['token']?.S, item]));
    return tokens.map((token) => clearOf(kek, token, items.get(token)));
  }

  async *everyone(): AsyncGenerator<readonly ClearContactPoint[]> {
    const kek = await this.#kek();
    const pages = paginateScan({ client: this.#client }, { TableName: this.#table, ConsistentRead: true });
    for await (const { Items = [] } of pages) {
      const read = Items.flatMap((item) => {
        const token = item['token']?.S;
        // Items of entries that belong to nobody have keys of another form.
        return token !== undefined && isToken(token) ? [clearOf(kek, token, item)] : [];
      });
      yield read.filter(({ state, contactPoint }) => contactPoint === 'UNREADABLE' || !holdsNoFacts(state));
    }
  }
}

/** An item that cannot be read must not hold up the others that are read with it. */
function clearOf(kek: KeyEncryptionKey, token: Token, item: Item | undefined): ClearContactPoint {
  try {
    return { token, state: contactPointOf(token, item).state, contactPoint: opened(kek, token, item) };
  } catch {
    return { token, state: EMPTY_STATE, contactPoint: 'UNREADABLE' };
  }
}

function opened(
  kek: KeyEncryptionKey,
  token: Token,
  item: Item | undefined,
): ClearContactPoint['contactPoint'] {
  const sealed = SealedItem.safeParse(item === undefined ? {} : unmarshall(item));
  if (!sealed.success) return 'ABSENT';
  const uri = open(kek, token, { ciphertext: sealed.data.sealed, wrappedKey: sealed.data.dataKey });
  const read = uri.startsWith('tel:') ? parsePhoneNumber(uri.slice('tel:'.length)) : parseEmailAddress(uri);
  return read.kind === 'unreadable' ? 'UNREADABLE' : read;
}
