import type { S3Client } from '@aws-sdk/client-s3';
import type { DiallerList, DiallerLists, Listing, Refused } from '../../domain/dialler/dialler.ts';
import { hasRoomFor } from '../../domain/dialler/has-room.ts';
import { writeOnce } from './write-once.ts';

export type SuppressionDropDeps = {
  /** Of the dialler; its files are under `diallers/<name>/`. */
  readonly name: string;
  readonly client: S3Client;
  readonly bucket: string;
  readonly now: () => number;
  readonly newId: () => string;
};

const COLUMNS = ['contactPoint', 'action', 'until', 'channels', 'seller'];
/** OWASP, CSV Injection: how a formula begins. */
const LIKE_A_FORMULA = /^[=+\-@]/;

/**
 * Files of what has changed, for a system that reads files: the oldest first, line by line, each line in place of what an
 * earlier one said of the same contact point for the same channels and seller.
 */
export class SuppressionDrop implements DiallerLists {
  readonly #deps: SuppressionDropDeps;

  constructor(deps: SuppressionDropDeps) {
    this.#deps = deps;
  }

  async apply(list: DiallerList, listings: readonly Listing[]): Promise<readonly Refused[]> {
    const told = listings.filter((one) => hasRoomFor(list, one));
    const refused = told.filter(isLikeFormula);
    const lines = told.filter((one) => !isLikeFormula(one)).map((one) => cellsOf(list, one));
    if (lines.length > 0) await this.#write([COLUMNS, ...lines].map(line).join(''));
    return refused.map(({ token }) => ({ token, cause: 'LIKE_A_FORMULA' }));
  }

  async #write(text: string): Promise<void> {
    const { name, client, bucket, now, newId } = this.#deps;
    const [day = '', time = ''] = new Date(now()).toISOString().split('T');
    // With its milliseconds: files of one second are read in their order too.
    const key = `diallers/${name}/${day}/${time.replaceAll(/\D/g, '')}-${newId()}.csv`;
    await writeOnce(client, { bucket, key, body: Buffer.from(text), contentType: 'text/csv' });
  }
}

/**
 * A number begins with `+`, which a spreadsheet takes for a formula: one that says the number itself, as only digits follow.
 * A machine reads it as it is, so nothing is put before it. An address may say more than itself, and is left to a person.
 */
function isLikeFormula({ contactPoint }: Listing): boolean {
  return contactPoint.kind === 'email' && LIKE_A_FORMULA.test(addressOf(contactPoint));
}

function cellsOf(
  { channels, seller = '' }: DiallerList,
  { contactPoint, listed, until }: Listing,
): readonly string[] {
  const end = until === undefined ? '' : new Date(until).toISOString();
  return [addressOf(contactPoint), listed ? 'LIST' : 'DELIST', end, channels.join(' '), seller];
}

function addressOf(contactPoint: Listing['contactPoint']): string {
  return contactPoint.kind === 'phone' ? contactPoint.e164 : contactPoint.canonical.slice('mailto:'.length);
}

/** RFC 4180. */
function line(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\r\n`;
}
