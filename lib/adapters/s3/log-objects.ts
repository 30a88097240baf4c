import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { sha256Hex } from '../../domain/canonical-json.ts';
import { ComplianceError } from '../../domain/errors.ts';
import type { LogObject, LogObjects } from '../../domain/log/log-ports.ts';
import {
  ENTRIES_PREFIX,
  entriesDayPrefix,
  type LogObjectName,
  objectsSince,
  readLogObjectKey,
} from '../../domain/log/object-key.ts';
import { writeOnce } from './write-once.ts';

/** How entries objects are compressed: entries are alike, so that trying harder takes three times as long for 1 %. */
export const COMPRESSION = { level: constants.Z_BEST_SPEED } as const;

const compress = promisify(gzip);
const decompress = promisify(gunzip);
const READ_AHEAD = 8;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** An object is seldom older than the newest checkpoint; a log of years has more names than a run can list. */
const LOOK_BACK_DAYS = [1, 8, 64];

/** The log's entries objects: gzipped NDJSON, each written once, locked by the bucket's default retention. */
export class S3LogObjects implements LogObjects {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async settle(key: string, text: string): Promise<LogObject> {
    // zlib writes no time into the header, so the same text gives the same bytes.
    const body = await compress(text, COMPRESSION);
    const outcome = await writeOnce(this.#client, {
      bucket: this.#bucket,
      key,
      body,
      contentType: 'application/gzip',
    });
    return outcome === 'WRITTEN' ? { text, sha256: sha256Hex(body) } : await this.read(key);
  }

  async read(key: string): Promise<LogObject> {
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
    if (Body === undefined)
      throw new ComplianceError({ code: 'LOG_OBJECT_BROKEN', message: 'expected a body, got none' });
    const body = await Body.transformToByteArray();
    return { text: (await decompress(body)).toString('utf8'), sha256: sha256Hex(body) };
  }

  async *lines(since?: number): AsyncGenerator<string, undefined> {
    for await (const text of this.texts(since)) {
      for (const line of text.split('\n')) if (line !== '') yield line;
    }
    return undefined;
  }

  async *texts(since = 0): AsyncGenerator<string, undefined> {
    for await (const { text } of this.#texts(await this.#namesSince(since))) yield text;
    return undefined;
  }

  async *objectsFrom(first: number, since: number): AsyncGenerator<{ first: number; text: string }> {
    yield* this.#texts((await this.#namesFrom(first, since)).filter((name) => name.first >= first));
  }

  /** The objects in the order of their names, some of them read ahead. */
  async *#texts(names: readonly LogObjectName[]): AsyncGenerator<{ first: number; text: string }> {
    const ahead = names.slice(0, READ_AHEAD).map((name) => this.#begin(name));
    for (const [position, { first }] of names.entries()) {
      const object = await ahead.shift();
      ahead.push(
        ...names.slice(position + READ_AHEAD, position + READ_AHEAD + 1).map((name) => this.#begin(name)),
      );
      if (object !== undefined) yield { first, text: object.text };
    }
  }

  #begin({ key }: LogObjectName): Promise<LogObject> {
    const reading = this.read(key);
    // A failure is thrown where the object's turn comes; until then, or if it never does, nobody waits for it.
    reading.catch(() => undefined);
    return reading;
  }

  /** Names in the log's order, looked for in ever more of the past until one is among them that was begun before. */
  async #namesSince(since: number): Promise<readonly LogObjectName[]> {
    for (const days of LOOK_BACK_DAYS) {
      const names = await this.#names(entriesDayPrefix(since - days * DAY_MS));
      const [first, ...later] = objectsSince(names, since);
      if (first !== undefined && first.hour + HOUR_MS <= since) return [first, ...later];
    }
    return objectsSince(await this.#names(), since);
  }

  /** Names in the log's order, looked for in ever more of the past until the first one is among them. */
  async #namesFrom(first: number, since: number): Promise<readonly LogObjectName[]> {
    for (const days of LOOK_BACK_DAYS) {
      const names = await this.#names(entriesDayPrefix(since - days * DAY_MS));
      if (names.some((name) => name.first === first)) return names.toSorted((a, b) => a.first - b.first);
    }
    return (await this.#names()).toSorted((a, b) => a.first - b.first);
  }

  async #names(startAfter?: string): Promise<readonly LogObjectName[]> {
    const names: LogObjectName[] = [];
    const pages = paginateListObjectsV2(
      { client: this.#client },
      {
        Bucket: this.#bucket,
        Prefix: ENTRIES_PREFIX,
        ...(startAfter === undefined ? {} : { StartAfter: startAfter }),
      },
    );
    for await (const { Contents = [] } of pages) {
      names.push(...Contents.flatMap(({ Key = '' }) => readLogObjectKey(Key) ?? []));
    }
    return names;
  }
}
