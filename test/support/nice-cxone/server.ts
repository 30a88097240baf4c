import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import {
  type FakeAnswer,
  type FakeRoute,
  type FakeServer,
  type SeenCall,
  startFakePlatform,
} from '../fake-platform.ts';

export const ACCESS_KEY = { accessKeyId: 'dialguard-key', accessKeySecret: 'not-a-real-secret' };

export type FakeCxoneWorld = {
  /** Ids of DNC groups. */
  readonly groups: readonly string[];
  /** What becomes of a record that is there already: nobody has published it. */
  readonly added?: 'REPLACED' | 'REFUSED';
  /** Numbers that the tenant will not take. */
  readonly unwanted?: readonly string[];
  /** What a refusal names its record by; MISCOUNTED: more of them than it names. */
  readonly named?: 'FORMATTED' | 'PLACE' | 'MISCOUNTED';
  /** Whether results come in an envelope, whatever was called. */
  readonly envelope?: boolean;
  readonly callsPerSecond?: number;
  readonly now: () => number;
};

export type FakeCxone = {
  readonly server: FakeServer;
  /** Numbers of a group by their day of expiry, without those that have expired. */
  records(group: string): ReadonlyMap<string, string>;
  /** Puts a record into a group behind our back. */
  meddle(group: string, phoneNumber: string): void;
};

const LARGEST_PAGE = 100;
const Body = z.strictObject({
  dncGroupRecords: z
    .array(
      z.strictObject({
        phoneNumber: z.string().regex(/^[2-9]\d{2}[2-9]\d{6}$/),
        expiredDate: z
          .string()
          .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/)
          .optional(),
      }),
    )
    .min(1)
    .max(LARGEST_PAGE),
});
type Result = { success: boolean; error: string; formattedPhone?: string };

/** A tenant of NICE CXone with some DNC groups; its numbers are those of the North American plan. */
export async function startFakeCxone(world: FakeCxoneWorld): Promise<FakeCxone> {
  const tenant = new Tenant(world);
  const path = /^\/inContactAPI\/services\/v30\.0\/dnc-groups\/([\w-]+)\/records$/;
  const routes: readonly FakeRoute[] = [
    { method: 'GET', path, answer: (call, [id]) => tenant.list(call, id) },
    { method: 'POST', path, answer: (call, [id]) => tenant.add(call, id) },
    { method: 'DELETE', path, answer: (call, [id]) => tenant.expire(call, id) },
  ];
  const { callsPerSecond } = world;
  const server = await startFakePlatform({
    routes,
    refusal,
    tokens: { path: '/authentication/v1/token/access-key', check, answer: newToken },
    saysRetryAfter: false,
    ...(callsPerSecond === undefined ? {} : { callsPerSecond }),
  });
  return {
    server,
    records: (group) => tenant.current(group),
    meddle: (group, phoneNumber) => tenant.meddle(group, phoneNumber),
  };
}

function refusal(status: number): FakeAnswer {
  return { status, body: { error: `error_${status}`, error_description: 'refused' } };
}

function check(request: IncomingMessage, sent: string): number {
  const { success, data } = z
    .strictObject({ accessKeyId: z.string(), accessKeySecret: z.string() })
    .safeParse(JSON.parse(sent));
  if (request.method !== 'POST' || !success) return 400;
  return data.accessKeySecret === ACCESS_KEY.accessKeySecret ? 200 : 401;
}

function newToken() {
  const token = randomUUID();
  const body = { access_token: token, refresh_token: randomUUID(), id_token: 'x.y.z', expires_in: 3600 };
  return { token, body };
}

class Tenant {
  readonly #world: FakeCxoneWorld;
  readonly #groups: ReadonlyMap<string, Map<string, string | undefined>>;

  constructor(world: FakeCxoneWorld) {
    this.#world = world;
    this.#groups = new Map(world.groups.map((id) => [id, new Map()]));
  }

  current(id: string): ReadonlyMap<string, string> {
    return new Map(
      [...this.#recordsOf(id)].flatMap(([phone, until]) =>
        this.#isOver(until) ? [] : [[phone, until ?? '']],
      ),
    );
  }

  meddle(id: string, phoneNumber: string): void {
    this.#recordsOf(id).set(phoneNumber, undefined);
  }

  list({ query, headers }: SeenCall, id: string | undefined): FakeAnswer {
    const [skip, top] = [Number(query.get('skip') ?? 0), Number(query.get('top') ?? 50)];
    if (headers.accept !== 'application/json' || top > LARGEST_PAGE) return refusal(400);
    const records = this.#groups.get(id ?? '');
    if (records === undefined) return refusal(404);
    const dncRecords = [...records].map(([phoneNumber, expiredDate], recordId) => ({
      recordId,
      phoneNumber,
      formattedPhone: formatted(phoneNumber),
      expiredDate: expiredDate ?? '',
    }));
    const page = { totalRecords: records.size, dncRecords: dncRecords.slice(skip, skip + top) };
    return { status: 200, body: { resultSet: page } };
  }

  add(call: SeenCall, id: string | undefined): FakeAnswer {
    return this.#each(call, id, (records, { phoneNumber, expiredDate }) => {
      const isThere = records.has(phoneNumber) && !this.#isOver(records.get(phoneNumber));
      if (isThere && this.#world.added === 'REFUSED') return `${phoneNumber} is a duplicate`;
      if (this.#world.unwanted?.includes(phoneNumber)) return `${phoneNumber} is not valid`;
      // Nothing said of an end says nothing of an earlier one.
      records.set(phoneNumber, expiredDate ?? records.get(phoneNumber));
      return undefined;
    });
  }

  expire(call: SeenCall, id: string | undefined): FakeAnswer {
    return this.#each(call, id, (records, { phoneNumber, expiredDate }) => {
      if (!records.has(phoneNumber)) return `Record ${phoneNumber} not found`;
      records.set(phoneNumber, expiredDate ?? new Date(this.#world.now()).toISOString());
      return undefined;
    });
  }

  #each(
    { body, method, headers }: SeenCall,
    id: string | undefined,
    work: (
      records: Map<string, string | undefined>,
      record: z.infer<typeof Body>['dncGroupRecords'][number],
    ) => string | undefined,
  ): FakeAnswer {
    const { data } = Body.safeParse(body);
    if (data === undefined || headers.accept !== 'application/json') return refusal(400);
    const records = this.#groups.get(id ?? '');
    if (records === undefined) return refusal(404);
    const recordResults = data.dncGroupRecords.map((record): Result => {
      const error = work(records, record);
      const named = this.#world.named === 'PLACE' ? {} : { formattedPhone: formatted(record.phoneNumber) };
      return { success: error === undefined, error: error ?? '', ...named };
    });
    const failed = recordResults.filter(({ success }) => !success).length;
    const isMiscounted = this.#world.named === 'MISCOUNTED' && failed > 0;
    const results = { errorCount: isMiscounted ? failed + 1 : failed, recordResults };
    const isEnveloped = this.#world.envelope ?? method === 'POST';
    return { status: 200, body: isEnveloped ? { resultSet: results } : results };
  }

  #isOver(until: string | undefined): boolean {
    return until !== undefined && Date.parse(until) <= this.#world.now();
  }

  #recordsOf(id: string): Map<string, string | undefined> {
    const records = this.#groups.get(id);
    if (records === undefined) throw new Error('expected a group of this world');
    return records;
  }
}

function formatted(phone: string): string {
  return `(${phone.slice(0, 3)}) ${phone.slice(3, 6)}-${phone.slice(6)}`;
}
