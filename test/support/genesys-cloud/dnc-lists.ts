import type { Models } from 'purecloud-platform-client-v2';
import * as z from 'zod';
import type { FakeAnswer, FakeRoute, SeenCall } from '../fake-platform.ts';
import { refusal } from './server.ts';

export type FakeDncWorld = {
  /** Ids of internal lists. */
  readonly lists: readonly string[];
  /** How many entries a list has room for. */
  readonly room?: number;
  /** Lists of dnc.com's or Gryphon's. */
  readonly foreign?: readonly string[];
  /** How a list says that it has no room: nobody has published it. */
  readonly fullBy?: 'CODE' | 'LIMIT';
  /** Addresses that no list takes. */
  readonly unwanted?: readonly string[];
  /** What adding an entry that is there does to its expiry: nobody has published it. */
  readonly added?: 'REPLACES' | 'KEEPS';
  /** The status of an export that is not ready: 400 in practice, 404 as documented. */
  readonly notReady?: 400 | 404;
  /** How often an export is asked for before it is ready. */
  readonly exportPolls?: number;
  readonly contacts?: readonly FakeContact[];
  readonly url: () => string;
  readonly now: () => number;
};

export type FakeContact = Models.DialerContact & { readonly id: string };

export type FakeDncPlatform = {
  readonly routes: readonly FakeRoute[];
  /** Entries of a list by address, with their expiry as it was written; without those that are over. */
  entries(list: string): ReadonlyMap<string, string | undefined>;
  readonly contacts: ReadonlyMap<string, FakeContact>;
  /** Puts an entry on a list or takes it off behind our back. */
  meddle(list: string, address: string, action: 'Add' | 'Remove'): void;
};

const SIGNATURE = 'signed-by-the-platform';
const E164 = /^\+[1-9]\d{6,14}$/;
const Action = z.enum(['Add', 'Remove']);
const Minutes = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}Z$/);
const PhonePatch = z.strictObject({
  action: Action,
  phoneNumbers: z.array(z.string().regex(E164)).min(1),
  expirationDateTime: Minutes.optional(),
});
const EmailPatch = z.strictObject({
  action: Action,
  emailAddresses: z.array(z.string().regex(/^[^\s@,]+@[^\s@,]+$/)).min(1),
  expirationDateTime: Minutes.optional(),
});
const DAYS_180_MS = 180 * 86_400_000;
const LARGEST_BODY = 512_000;

type Export = {
  readonly id: string;
  polls: number;
  readonly csv: string;
  readonly at: string;
  readonly earlier: Export | undefined;
};
type Patch = {
  readonly action: 'Add' | 'Remove';
  readonly addresses: readonly string[];
  readonly until: string | undefined;
};

/** The routes of an organization's do-not-contact lists; there is none that empties a list. */
export function createDncPlatform(world: FakeDncWorld): FakeDncPlatform {
  const platform = new DncPlatform(world);
  const list = String.raw`/api/v2/outbound/dnclists/([\w-]+)`;
  const contacts = String.raw`/api/v2/outbound/contactlists/([\w-]+)/contacts`;
  const route = (
    method: string,
    path: string,
    answer: (call: SeenCall, ids: readonly string[]) => FakeAnswer,
  ) => ({ method, path: new RegExp(`^${path}$`), answer });
  return {
    routes: [
      route('PATCH', `${list}/phonenumbers`, (call, [id]) => platform.patchPhones(call, id)),
      route('PATCH', `${list}/emailaddresses`, (call, [id]) => platform.patchEmails(call, id)),
      route('POST', `${list}/export`, (_, [id]) => platform.startExport(id)),
      route('GET', `${list}/export`, (_, [id]) => platform.readExport(id)),
      route('GET', String.raw`/api/v2/downloads/([\w-]+)`, (call, [id]) => platform.download(call, id)),
      {
        ...route('GET', String.raw`/files/([\w-]+)\.csv`, (call, [id]) => platform.file(call, id)),
        signed: true,
      },
      route('POST', `${contacts}/search`, (call, [id]) => platform.contactBook.search(call, id)),
      route('PUT', `${contacts}/([^/]+)`, (call, [id, contact]) =>
        platform.contactBook.replace(call, id, contact),
      ),
    ],
    entries: (id) => platform.entries(id),
    contacts: platform.contactBook.contacts,
    meddle: (id, address, action) => platform.meddle(id, address, action),
  };
}

class DncPlatform {
  readonly contactBook: ContactBook;
  readonly #world: FakeDncWorld;
  readonly #lists: ReadonlyMap<string, Map<string, string | undefined>>;
  readonly #exports = new Map<string, Export>();
  #exportCount = 0;

  constructor(world: FakeDncWorld) {
    this.#world = world;
    this.#lists = new Map(world.lists.map((id) => [id, new Map()]));
    this.contactBook = new ContactBook(world.contacts ?? []);
  }

  entries(id: string): ReadonlyMap<string, string | undefined> {
    return new Map(
      [...this.#entriesOf(id)].filter(
        ([, until]) => until === undefined || Date.parse(until) > this.#world.now(),
      ),
    );
  }

  meddle(id: string, address: string, action: 'Add' | 'Remove'): void {
    if (action === 'Add') this.#entriesOf(id).set(address, undefined);
    else this.#entriesOf(id).delete(address);
  }

  patchPhones({ body, sent }: SeenCall, id: string | undefined): FakeAnswer {
    const { data } = PhonePatch.safeParse(body);
    if (data === undefined || sent.length > LARGEST_BODY) return refusal(400);
    return this.#patch(id, { ...data, addresses: data.phoneNumbers, until: data.expirationDateTime });
  }

  patchEmails({ body, sent }: SeenCall, id: string | undefined): FakeAnswer {
    const { data } = EmailPatch.safeParse(body);
    if (data === undefined || sent.length > LARGEST_BODY) return refusal(400);
    return this.#patch(id, { ...data, addresses: data.emailAddresses, until: data.expirationDateTime });
  }

  #patch(id: string | undefined, patch: Patch): FakeAnswer {
    const entries = this.#lists.get(id ?? '');
    if (entries === undefined) return refusal(404, 'refused', 'dnc.list.not.found');
    const refused = this.#refusalOf(id, patch);
    if (refused !== undefined) return refused;
    const { action, addresses, until } = patch;
    if (action === 'Remove') for (const address of addresses) entries.delete(address);
    else {
      const fresh = new Set(addresses.filter((address) => !entries.has(address)));
      if (entries.size + fresh.size > (this.#world.room ?? 1_000_000)) return full(this.#world.fullBy);
      const changed = this.#world.added === 'KEEPS' ? [...fresh] : addresses;
      for (const address of changed) entries.set(address, until);
    }
    return { status: 204, body: '' };
  }

  #refusalOf(id: string | undefined, { addresses, until }: Patch): FakeAnswer | undefined {
    const { foreign, unwanted, now } = this.#world;
    if (foreign?.includes(id ?? ''))
      return { ...refusal(400, 'refused', 'dnc.source.operation.not.supported'), isFair: true };
    if (addresses.some((address) => unwanted?.includes(address)))
      return { ...refusal(400, 'refused', 'invalid.value'), isFair: true };
    const end = Date.parse(until ?? '');
    return end <= now() || end > now() + DAYS_180_MS ? refusal(400, 'refused', 'invalid.date') : undefined;
  }

  startExport(id: string | undefined): FakeAnswer {
    if (id === undefined || !this.#lists.has(id)) return refusal(404, 'refused', 'dnc.list.not.found');
    this.#exportCount += 1;
    // As Genesys Cloud's own provider for Terraform reads it: the number first, the expiry third. Expired entries are in it.
    const rows = [...this.#entriesOf(id)].map(([address, until]) => `"${address}","","${until ?? ''}"`);
    this.#exports.set(id, {
      id: `export-${this.#exportCount}`,
      polls: this.#world.exportPolls ?? 2,
      earlier: this.#exports.get(id),
      csv: ['"entry","source","expirationDateTime"', ...rows, ''].join('\r\n'),
      at: new Date(this.#world.now()).toISOString(),
    });
    return { status: 200, body: { id } satisfies Models.DomainEntityRef };
  }

  readExport(id: string | undefined): FakeAnswer {
    const latest = this.#exports.get(id ?? '');
    const isReady = latest !== undefined && latest.polls <= 0;
    if (latest !== undefined) latest.polls -= 1;
    // An earlier one is offered until the new one is there.
    const found = isReady ? latest : latest?.earlier;
    if (found === undefined) {
      const isDocumented = this.#world.notReady === 404;
      const answer = isDocumented ? refusal(404, 'refused', 'no.available.list.export.uri') : refusal(400);
      return { ...answer, isFair: true };
    }
    // Another host of the platform's, as it comes in practice: it is not to be called, and no token to be sent to it.
    const uri = `https://apps.mypurecloud.invalid/platform/api/v2/downloads/${found.id}`;
    return { status: 200, body: { uri, exportTimestamp: found.at } satisfies Models.ExportUri };
  }

  download({ query }: SeenCall, id: string | undefined): FakeAnswer {
    if (query.get('issueRedirect') !== 'false') return refusal(400);
    const url = `${this.#world.url()}/files/${id}.csv?sig=${SIGNATURE}`;
    return { status: 200, body: { url } satisfies Models.UrlResponse };
  }

  file({ query }: SeenCall, id: string | undefined): FakeAnswer {
    const all = [...this.#exports.values()].flatMap((each) => [each, each.earlier]);
    const found = all.find((each) => each?.id === id);
    if (found === undefined || query.get('sig') !== SIGNATURE) return refusal(403);
    return { status: 200, body: found.csv };
  }

  #entriesOf(id: string): Map<string, string | undefined> {
    const entries = this.#lists.get(id);
    if (entries === undefined) throw new Error('expected a list of this world');
    return entries;
  }
}

function full(by: FakeDncWorld['fullBy']): FakeAnswer {
  const limit = { key: 'dnclist.entries.max', namespace: 'outbound', value: 1_000_000 };
  if (by === 'LIMIT') return { status: 400, body: { message: 'refused', status: 400, limit }, isFair: true };
  return { ...refusal(400, 'refused', 'max.entity.count.reached'), isFair: true };
}

const Search = z.strictObject({
  criteria: z.strictObject({
    filterType: z.enum(['AND', 'OR']),
    clauses: z
      .array(
        z.strictObject({
          filterType: z.enum(['AND', 'OR']),
          predicates: z
            .array(
              z.strictObject({
                column: z.string(),
                columnType: z.enum(['numeric', 'alphabetic']),
                operator: z.literal('IN'),
                range: z.strictObject({ inSet: z.array(z.string()).min(1) }),
              }),
            )
            .min(1),
        }),
      )
      .length(1),
  }),
  pageNumber: z.number().int().positive(),
  pageSize: z.number().int().positive().max(100),
});
/** What the SDK calls WritableDialerContact: anything else in a PUT is not the caller's to say. */
const Writable = z.strictObject({
  id: z.string(),
  contactListId: z.string(),
  data: z.record(z.string(), z.string()),
  callable: z.boolean().optional(),
  phoneNumberStatus: z.record(z.string(), z.strictObject({ callable: z.boolean() })).optional(),
  contactableStatus: z.record(z.string(), z.object({ contactable: z.boolean() })).optional(),
  dateCreated: z.string().optional(),
});

class ContactBook {
  readonly contacts: Map<string, FakeContact>;

  constructor(contacts: readonly FakeContact[]) {
    this.contacts = new Map(contacts.map((contact) => [contact.id, contact]));
  }

  search({ body }: SeenCall, list: string | undefined): FakeAnswer {
    const { data } = Search.safeParse(body);
    const predicates = data?.criteria.clauses[0]?.predicates;
    if (data === undefined || predicates === undefined) return refusal(400);
    const found = [...this.contacts.values()].filter(
      ({ contactListId, data: columns }) =>
        contactListId === list &&
        predicates.some(({ column, range }) => range.inSet.includes(columns[column] ?? '')),
    );
    const entities = found.slice((data.pageNumber - 1) * data.pageSize, data.pageNumber * data.pageSize);
    const pageCount = Math.ceil(found.length / data.pageSize);
    return { status: 200, body: { entities, pageCount } satisfies Models.ContactListingResponse };
  }

  replace({ body }: SeenCall, list: string | undefined, id: string | undefined): FakeAnswer {
    const { data } = Writable.safeParse(body);
    const found = this.contacts.get(decodeURIComponent(id ?? ''));
    if (data === undefined || data.id !== found?.id || data.contactListId !== list) return refusal(400);
    const { callRecords } = found;
    const replaced = { ...data, ...(callRecords === undefined ? {} : { callRecords }) };
    this.contacts.set(data.id, JSON.parse(JSON.stringify(replaced)));
    return { status: 200, body: replaced };
  }
}
