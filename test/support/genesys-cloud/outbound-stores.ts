import { randomUUID } from 'node:crypto';
import { type FakeAnswer, refusal, type SeenCall } from './server.ts';

export type Versioned = { id: string; version?: number; name?: string };

/** A page of at most 100, with what the platform says of it. */
export function paged({ query }: SeenCall, all: readonly object[]): FakeAnswer {
  const pageSize = Number(query.get('pageSize') ?? 25);
  const pageNumber = Number(query.get('pageNumber') ?? 1);
  if (pageSize < 1 || pageSize > 100 || pageNumber < 1) return refusal(400);
  const entities = all.slice((pageNumber - 1) * pageSize, pageNumber * pageSize);
  const pageCount = Math.ceil(all.length / pageSize);
  return { status: 200, body: { entities, pageSize, pageNumber, total: all.length, pageCount } };
}

/** What follows the one whose id is the cursor; no word about how many there are. */
export function cursored({ query }: SeenCall, all: readonly { readonly id: string }[]): FakeAnswer {
  const size = Number(query.get('pageSize') ?? 25);
  const after = query.get('after');
  const from = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
  if (size > 200 || (after !== null && from === 0)) return refusal(400);
  return { status: 200, body: { entities: all.slice(from, from + size) } };
}

export function isTaken(stored: readonly Versioned[], name: string): boolean {
  return stored.some((one) => one.name === name);
}

export function created<T extends object>(stored: object[], body: T): FakeAnswer {
  const made = { ...body, id: randomUUID(), version: 1 };
  stored.push(made);
  return { status: 200, body: made };
}

/** As the body says, and nothing else: what it leaves out is gone. */
export function replaced(
  stored: Versioned[],
  id: string | undefined,
  body: { readonly version?: number | undefined },
): FakeAnswer {
  const at = stored.findIndex((one) => one.id === id);
  const found = stored[at];
  if (found === undefined) return refusal(404);
  if (body.version !== found.version) return refusal(409, 'refused', 'invalid.update.wrong.version');
  const now = { ...body, id: found.id, version: (found.version ?? 0) + 1 };
  stored[at] = now;
  return { status: 200, body: now };
}
