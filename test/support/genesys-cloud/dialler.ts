import { createGenesysApi } from '../../../lib/adapters/genesys/cloud-api.ts';
import type { ContactColumns } from '../../../lib/adapters/genesys/contact-flags.ts';
import { GenesysDncLists } from '../../../lib/adapters/genesys/dnc-lists.ts';
import type { DiallerList } from '../../../lib/domain/dialler/dialler.ts';
import { createDncPlatform, type FakeDncWorld } from './dnc-lists.ts';
import { CLIENT, startFakeServer } from './server.ts';

/** Noon, when a test begins. */
export const START = Date.parse('2026-11-22T12:00:00Z');

export type GenesysDiallerOptions = Partial<Omit<FakeDncWorld, 'url' | 'now' | 'lists'>> & {
  readonly ids?: readonly string[];
  readonly contactLists?: readonly ContactColumns[];
  readonly callsPerSecond?: number;
  readonly timeoutMs?: number;
  /** As many calls as the clock is not moved for. */
  readonly rate?: { readonly burst: number; readonly perSecond: number };
};

/** The adapter before a fake organization, on a clock that moves by waits alone. */
export async function startGenesysDialler(options: GenesysDiallerOptions = {}) {
  const { ids = ['list-a'], contactLists = [], callsPerSecond, timeoutMs = 2000, rate, ...world } = options;
  let clock = START;
  const now = () => clock;
  const pass = (ms: number) => {
    clock += ms;
  };
  const wait = async (ms: number) => pass(ms);
  const platform = createDncPlatform({ ...world, lists: ids, url: () => fake.url, now });
  const fake = await startFakeServer(platform.routes, {
    ...(callsPerSecond === undefined ? {} : { callsPerSecond }),
  });
  const api = createGenesysApi({
    apiUrl: fake.url,
    loginUrl: fake.url,
    credentials: async () => CLIENT,
    rate: rate ?? { burst: 1000, perSecond: 1000 },
    now,
    wait,
    random: () => 0,
    timeoutMs,
  });
  const list: DiallerList = { channels: ['VOICE', 'SMS', 'EMAIL'], purposes: ['MARKETING'], ids: [...ids] };
  return {
    fake,
    platform,
    list,
    lists: new GenesysDncLists({ api, contactLists, now, wait }),
    now,
    pass,
  };
}
