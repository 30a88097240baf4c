import type { S3Client } from '@aws-sdk/client-s3';
import type { DiallerList, DiallerLists, Listing, Refused } from '../../domain/dialler/dialler.ts';
import { writeOnce } from './write-once.ts';

export type SuppressionDropDeps = {
  readonly client: S3Client;
  readonly bucket: string;
  /** Of the dialler: its files lie under `diallers/<name>/`. */
  readonly name: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** UUIDv7. */
  readonly newId: () => string;
};

const HEADER = 'contactPoint,action,until,channels,purposes,seller';

/**
 * Files for a dialler that reads files, such as a telephone system of old: one for each call, never written again, in
 * order by name. Every line says what the list is to say from then on, so that a file may be read twice.
 */
export class S3SuppressionDrop implements DiallerLists {
  readonly #deps: SuppressionDropDeps;

  constructor(deps: SuppressionDropDeps) {
    this.#deps = deps;
  }

  async apply(list: DiallerList, listings: readonly Listing[]): Promise<readonly Refused[]> {
    const { client, bucket, name, now, newId } = this.#deps;
    const at = new Date(now()).toISOString();
    const time = at.slice(11, 23).replaceAll(/[:.]/g, '');
    const lines = [HEADER, ...listings.map((listing) => lineOf(list, listing))];
    await writeOnce(client, {
      bucket,
      key: `diallers/${name}/${at.slice(0, 10)}/${time}-${newId()}.csv`,
      body: Buffer.from(`${lines.join('\r\n')}\r\n`),
      contentType: 'text/csv; charset=utf-8',
    });
    return [];
  }
}

/** For a program, not a spreadsheet: a number begins with its plus, and nothing here is a person's own text. */
function lineOf({ channels, purposes, seller = '' }: DiallerList, listing: Listing): string {
  const { contactPoint, listed, until } = listing;
  const clear =
    contactPoint.kind === 'phone' ? contactPoint.e164 : contactPoint.canonical.replace(/^mailto:/, '');
  const end = until === undefined ? '' : new Date(until).toISOString();
  return [
    quoted(clear),
    listed ? 'LIST' : 'DELIST',
    end,
    channels.join(' '),
    purposes.join(' '),
    seller,
  ].join(',');
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
