import * as z from 'zod';
import { ComplianceError } from '../../domain/errors.ts';
import { SubjectData, SubjectRequest } from '../../domain/subject-request/request.ts';
import type {
  RequestChange,
  StoredRequest,
  SubjectRequests,
} from '../../domain/subject-request/subject-requests.ts';
import { open, seal, sealUnder } from '../secrets-manager/sealing.ts';
import type { KeyEncryptionKey } from '../secrets-manager/secrets.ts';
import { LoggedCases, type LoggedCasesDeps } from './logged-cases.ts';

const Stored = z.object({
  request: SubjectRequest,
  sealed: z.instanceof(Uint8Array).optional(),
  dataKey: z.instanceof(Uint8Array).optional(),
});
const StoredKey = z.object({ dataKey: z.instanceof(Uint8Array).optional() });

export type SubjectRequestsDeps = LoggedCasesDeps & { readonly kek: () => Promise<KeyEncryptionKey> };

/** Requests in the table of cases, one item each, with what the person said under a key of the request's own. */
export class DynamoSubjectRequests implements SubjectRequests {
  readonly #kek: () => Promise<KeyEncryptionKey>;
  readonly #cases: LoggedCases;

  constructor({ kek, ...deps }: SubjectRequestsDeps) {
    this.#kek = kek;
    this.#cases = new LoggedCases('subject-request', deps);
  }

  async create({ request, data, entry }: RequestChange & { readonly data: SubjectData }) {
    const { id, version } = request;
    const set = { request, ...firstSeal(await this.#kek(), id, data) };
    return (await this.#cases.create(id, { version, set, entry })) ? 'CREATED' : 'EXISTS';
  }

  async read(id: string): Promise<StoredRequest | undefined> {
    const item = await this.#cases.read(id);
    if (item === undefined) return undefined;
    const { request, sealed, dataKey } = Stored.parse(item);
    if (sealed === undefined || dataKey === undefined) return { request, data: undefined };
    const clear = open(await this.#kek(), contextOf(id), { ciphertext: sealed, wrappedKey: dataKey });
    return { request, data: SubjectData.parse(JSON.parse(clear)) };
  }

  async save({ request, data, entry }: RequestChange) {
    const { id, version } = request;
    const sealed = data === undefined || data === 'DESTROYED' ? undefined : await this.#sealAgain(id, data);
    const remove = data === 'DESTROYED' ? ['sealed', 'dataKey'] : [];
    const isSaved = await this.#cases.update(id, { version, set: { request, sealed }, remove, entry });
    return isSaved ? 'SAVED' : 'CONFLICT';
  }

  /** The wrapped key of what is kept of a request; undefined once it was destroyed. */
  async dataKeyOf(id: string): Promise<Uint8Array | undefined> {
    return StoredKey.parse((await this.#cases.read(id, 'dataKey')) ?? {}).dataKey;
  }

  async all(): Promise<readonly SubjectRequest[]> {
    return (await this.#cases.all()).map((item) => Stored.parse(item).request);
  }

  async logOverdue(): Promise<number> {
    return await this.#cases.logOverdue();
  }

  /** Under the key that the request has: what else was sealed with it must open still. */
  async #sealAgain(id: string, data: SubjectData): Promise<Uint8Array> {
    const wrappedKey = await this.dataKeyOf(id);
    if (wrappedKey === undefined) {
      throw new ComplianceError({
        code: 'REQUEST_DESTROYED',
        message: 'expected a request with a data key, got one whose key was destroyed; nothing was written',
      });
    }
    return sealUnder(await this.#kek(), { wrappedKey, context: contextOf(id) }, JSON.stringify(data));
  }
}

function firstSeal(kek: KeyEncryptionKey, id: string, data: SubjectData) {
  const { ciphertext, wrappedKey } = seal(kek, contextOf(id), JSON.stringify(data));
  return { sealed: ciphertext, dataKey: wrappedKey };
}

function contextOf(id: string): string {
  return `subject-request ${id}`;
}
