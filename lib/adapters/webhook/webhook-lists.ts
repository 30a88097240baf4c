import type { DiallerList, DiallerLists, Listing, Refused } from '../../domain/dialler/dialler.ts';
import { hasRoomFor } from '../../domain/dialler/has-room.ts';
import { ComplianceError } from '../../domain/errors.ts';
import { diallerMisconfigured } from '../dialler-misconfigured.ts';
import { type Exchanged, exchange } from '../http/platform-api.ts';
import { signedHeaders } from './signature.ts';

export type WebhookDeps = {
  /** The operator's own setting, whatever it points at: nobody else can choose it. */
  readonly url: string;
  readonly secret: () => Promise<string>;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly newId: () => string;
  readonly timeoutMs: number;
};

const AT_ONCE = 100;
const ATTEMPTS = 2;
const PAUSE_MS = 1000;
const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** A system that is told by a signed POST, as Standard Webhooks has it. */
export class WebhookLists implements DiallerLists {
  readonly #deps: WebhookDeps;

  constructor(deps: WebhookDeps) {
    this.#deps = deps;
  }

  async apply(list: DiallerList, listings: readonly Listing[]): Promise<readonly Refused[]> {
    const told = listings.filter((one) => hasRoomFor(list, one));
    for (let from = 0; from < told.length; from += AT_ONCE)
      await this.#tell(list, told.slice(from, from + AT_ONCE));
    return [];
  }

  /**
   * A message that is sent again at once keeps its id. One that is made anew later has another, though it may say the same: a
   * receiver that passes over ids which it has seen must not miss a person who opts out, in and out again.
   */
  async #tell(list: DiallerList, listings: readonly Listing[]): Promise<void> {
    const { newId, now, wait } = this.#deps;
    const id = `msg_${newId()}`;
    const body = JSON.stringify(messageOf(list, listings, now()));
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#post(id, body);
      if (outcome !== undefined && outcome.status < 300) return;
      const mayPass = outcome === undefined || outcome.status >= 500;
      if (!mayPass || attempt === ATTEMPTS) throw notTold(outcome);
      await wait(PAUSE_MS);
    }
  }

  async #post(id: string, body: string): Promise<Exchanged | undefined> {
    const { url, secret, now, timeoutMs } = this.#deps;
    const { protocol, hostname } = new URL(url);
    if (protocol !== 'https:' && !LOOPBACK.has(hostname))
      throw diallerMisconfigured('its address is not https');
    const headers = signedHeaders({ id, at: now(), body, secret: await secret() });
    return await exchange(url, timeoutMs, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
  }
}

function messageOf({ channels, purposes, seller }: DiallerList, listings: readonly Listing[], now: number) {
  return {
    type: 'suppressions.changed',
    timestamp: new Date(now).toISOString(),
    data: {
      list: { channels, purposes, ...(seller === undefined ? {} : { seller }) },
      listings: listings.map(({ contactPoint, listed, until }) => ({
        contactPoint: contactPoint.kind === 'phone' ? `tel:${contactPoint.e164}` : contactPoint.canonical,
        listed,
        ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
      })),
    },
  };
}

/** 410: the receiver wants nothing more; an address that nobody answers for is no outage either. */
function notTold(outcome: Exchanged | undefined): ComplianceError {
  if (outcome?.status === 410) return diallerMisconfigured('410 came: it wants no messages any more');
  return new ComplianceError({
    code: 'WEBHOOK_FAILED',
    message: `expected a webhook to take a message, but ${outcome?.status ?? 'no answer'} came`,
  });
}
