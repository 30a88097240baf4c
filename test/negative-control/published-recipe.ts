import { parse } from 'csv-parse/sync';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import * as z from 'zod';
import type { CreateSystem, World } from './system.ts';

// A port of the five functions of "Implementing TCPA-Compliant Outbound Dialing Workflows" (the Python of 2026), line by
// line, with the table in memory. Nothing is mended: what it gets wrong, the laws must find.

type Item = {
  readonly reason: string;
  readonly source: string;
  readonly addedBy: string;
  readonly addedAt: string;
  readonly expiryDate: string | undefined;
  readonly version: 1;
};

type Table = ReturnType<typeof dncTable>;

function dncTable(world: World) {
  const items = new Map<string, Item>();
  const call = async <T>(run: () => T): Promise<T> => {
    await world.step();
    if (world.storeDown) throw new Error('ProvisionedThroughputExceededException');
    const result = run();
    await world.step();
    return result;
  };
  return {
    getItem: (key: string) => call(() => items.get(key)),
    putItem: (key: string, item: Item) => call(() => void items.set(key, item)),
    deleteItem: (key: string) => call(() => void items.delete(key)),
  };
}

function normalizePhone(raw: string): string | undefined {
  const parsed = parsePhoneNumberFromString(raw, 'US');
  return parsed?.isValid() ? parsed.number : undefined;
}

type Addition = {
  phone: string;
  reason: string;
  source: string;
  addedBy: string;
  expiryDate?: string | undefined;
};

function publishedRecipe(world: World, print: (line: string) => void) {
  const table: Table = dncTable(world);

  async function addToDnc({ phone, reason, source, addedBy, expiryDate }: Addition): Promise<void> {
    const e164 = normalizePhone(phone);
    if (e164 === undefined) throw new Error(`Invalid phone number: ${phone}`);
    const addedAt = new Date(world.now).toISOString();
    await table.putItem(e164, { reason, source, addedBy, addedAt, expiryDate, version: 1 });
    print(`[DNC] Added ${e164} - Reason: ${reason}, Source: ${source}`);
  }

  async function isDnc(phone: string): Promise<readonly [boolean, string | undefined]> {
    const e164 = normalizePhone(phone);
    if (e164 === undefined) return [false, undefined];
    const item = await table.getItem(e164);
    if (item === undefined) return [false, undefined];
    if (item.expiryDate && world.now > naiveUtc(item.expiryDate)) {
      await table.deleteItem(e164);
      return [false, undefined];
    }
    return [true, item.reason];
  }

  async function scrubContactList(content: string, phoneColumn: string): Promise<string> {
    const rows = z.array(z.record(z.string(), z.string())).parse(parse(content, { columns: true }));
    const approved: Record<string, string>[] = [];
    for (const row of rows) {
      const [onDnc] = await isDnc(row[phoneColumn] ?? '');
      if (!onDnc) approved.push(row);
    }
    print(`[SCRUB] Approved: ${approved.length}, Rejected (DNC): ${rows.length - approved.length}`);
    return [Object.keys(rows[0] ?? {}), ...approved.map((row) => Object.values(row))].join('\n');
  }

  async function handleGenesysWrapupEvent(event: object): Promise<void> {
    const { detail } = WrapupEvent.parse(event);
    const codes = new Set(['DNC', 'Do Not Call', 'Remove From List', 'Opt Out']);
    if (!codes.has(detail.wrapUpCode.name)) return;
    if (detail.ani === '') {
      print(`[DNC] No ANI on conversation ${detail.conversationId} - cannot add to DNC.`);
      return;
    }
    const fixed = { reason: 'CUSTOMER_REQUEST', source: 'GENESYS_AGENT_DISPOSITION' };
    await addToDnc({ phone: detail.ani, addedBy: detail.agentId, ...fixed });
    print(`[DNC] Real-time DNC added for ${detail.ani} from conversation ${detail.conversationId}`);
  }

  return { table, addToDnc, isDnc, scrubContactList, handleGenesysWrapupEvent };
}

const WrapupEvent = z.object({
  detail: z
    .object({
      wrapUpCode: z.object({ name: z.string().default('') }).default({ name: '' }),
      ani: z.string().default(''),
      agentId: z.string().default('UNKNOWN'),
      conversationId: z.string().default(''),
    })
    .prefault({}),
});

/** `datetime.fromisoformat(text.rstrip('Z'))` against `utcnow()`: Python refuses to compare the two kinds. */
function naiveUtc(text: string): number {
  const stripped = text.replace(/Z+$/, '');
  if (/[+-]\d\d:\d\d$/.test(stripped))
    throw new TypeError("can't compare offset-naive and offset-aware datetimes");
  return Date.parse(`${stripped}Z`);
}

/** The functions as a system that the laws can question. */
export const createPublishedRecipe: CreateSystem = (world) => {
  const lines: string[] = [];
  const python = publishedRecipe(world, (line) => lines.push(line));
  const by = { source: 'WEBSITE_FORM', addedBy: 'agent-1' };
  return {
    check: async (phone) => ((await python.isDnc(phone))[0] ? 'BLOCK' : 'ALLOW'),
    // It has no place for consent, purchases, conversations or new holders of a number.
    tell: async () => undefined,
    optOut: ({ phone, expiresAt }) =>
      python.addToDnc({ phone, reason: 'CUSTOMER_REQUEST', expiryDate: expiresAt, ...by }),
    placeHold: (phone) => python.addToDnc({ phone, reason: 'LITIGATION_HOLD', ...by }),
    importRegistry: (phone, expiresAt) =>
      python.addToDnc({ phone, reason: 'NATIONAL_DNC', expiryDate: expiresAt, ...by, source: 'BULK_UPLOAD' }),
    wrapUp: (event) => python.handleGenesysWrapupEvent(event),
    scrub: (csv, phoneColumn) => python.scrubContactList(csv, phoneColumn),
    firstRequestedAt: async (phone) => (await python.table.getItem(normalizePhone(phone) ?? ''))?.addedAt,
    output: () => lines.join('\n'),
  };
};
