import * as z from 'zod';
import { ComplianceError } from '../../domain/errors.ts';
import { parsedJson } from '../../domain/json.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';

export type GenesysCredentials = { readonly clientId: string; readonly clientSecret: string };

export type GenesysApiDeps = {
  /** Such as https://api.mypurecloud.ie, without a slash at its end. */
  readonly apiUrl: string;
  /** Such as https://login.mypurecloud.ie. */
  readonly loginUrl: string;
  readonly credentials: () => Promise<GenesysCredentials>;
  readonly rate: { readonly burst: number; readonly perSecond: number };
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly timeoutMs: number;
};

export type GenesysCall = {
  /** Never DELETE: on the numbers of a do-not-contact list it empties the list. */
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT';
  /** From /api/v2 on. Never written to a log or an error: a search value is somebody's number. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Where the answer is a text and no JSON. */
  readonly plainText?: true;
};

export type GenesysApi = {
  /**
   * Makes a call and reads its answer. What was certainly not carried out is tried again; a call that changes something
   * and may have been carried out is not, since only the caller can find out whether it was.
   *
   * @throws ComplianceError GENESYS_BUSY where the limit asks for a longer pause than a run may take, and where no token
   * came: nothing was done; GENESYS_UNCERTAIN where a change may have been made; GENESYS_CONFLICT where what was to be changed
   * is not as it was read; GENESYS_REFUSED with the status; GENESYS_UNREADABLE.
   */
  send<T>(call: GenesysCall, answer: z.ZodType<T>): Promise<T>;
};

const ATTEMPTS = 5;
const LONGEST_PAUSE_MS = 180_000;
const BACK_OFF_MS = 1000;
/**
 * A call that changes something is sent so long after it was begun and no later: whoever looks whether it was carried out
 * must be able to say that it will not be.
 */
const CHANGE_WITHIN_MS = 60_000;
/** A token is asked for anew so long before it lapses. */
const TOKEN_MARGIN_MS = 60_000;
/** Answers that say that nothing was done. */
const NOT_DONE = new Set([401, 429]);
const PASSING = new Set([429, 500, 502, 503, 504]);

const Token = z.object({ access_token: z.string(), expires_in: z.number() });
const Refusal = z.object({ code: z.string().regex(/^[a-z.]{1,80}$/) });

type Outcome = { readonly status: number; readonly text: string; readonly retryAfterMs: number | undefined };

/** Calls Genesys Cloud's platform API as an OAuth client. https://developer.genesys.cloud/platform/api/ */
export function createGenesysApi(deps: GenesysApiDeps): GenesysApi {
  const bucket = createTokenBucket({ ...deps.rate, now: deps.now, wait: deps.wait });
  const tokens = createTokens(deps);
  return {
    async send(call, answer) {
      const lastSentAt = call.method === 'GET' ? Number.POSITIVE_INFINITY : deps.now() + CHANGE_WITHIN_MS;
      for (let attempt = 1; ; attempt += 1) {
        await bucket.take();
        const token = await tokens.current();
        if (deps.now() > lastSentAt) throw error('GENESYS_BUSY', 'it would be made too late');
        const outcome = await request(deps, { call, token });
        if (outcome !== undefined && outcome.status < 300) return readAnswer(outcome, answer, call);
        if (outcome?.status === 401) tokens.forget(token);
        if (!mayTryAgain(call, outcome) || attempt === ATTEMPTS) throw refusalOf(call, outcome);
        await pauseFor(deps, bucket, { attempt, asked: outcome?.retryAfterMs });
      }
    },
  };
}

function createTokens(deps: GenesysApiDeps) {
  let kept: { token: string; until: number } | undefined;
  return {
    async current(): Promise<string> {
      if (kept === undefined || kept.until <= deps.now()) kept = await requestToken(deps);
      return kept.token;
    },
    forget(token: string): void {
      if (kept?.token === token) kept = undefined;
    },
  };
}

/** https://developer.genesys.cloud/authorization/platform-auth/use-client-credentials */
async function requestToken(deps: GenesysApiDeps): Promise<{ token: string; until: number }> {
  const { clientId, clientSecret } = await deps.credentials();
  const outcome = await fetched(`${deps.loginUrl}/oauth/token`, deps.timeoutMs, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  });
  // Without a token nothing was asked, so that it can be asked again whenever.
  if (outcome === undefined || PASSING.has(outcome.status)) throw error('GENESYS_BUSY', 'no token came');
  if (outcome.status >= 300) throw refusalOf({ method: 'GET' }, outcome);
  const { access_token: token, expires_in: seconds } = readAnswer(outcome, Token);
  return { token, until: deps.now() + seconds * 1000 - TOKEN_MARGIN_MS };
}

function request(
  { apiUrl, timeoutMs }: GenesysApiDeps,
  { call, token }: { call: GenesysCall; token: string },
): Promise<Outcome | undefined> {
  const query = call.query === undefined ? '' : `?${new URLSearchParams(call.query)}`;
  return fetched(`${apiUrl}${call.path}${query}`, timeoutMs, {
    method: call.method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
  });
}

/** Undefined where no answer came: the other side may have acted or not. */
async function fetched(url: string, timeoutMs: number, init: RequestInit): Promise<Outcome | undefined> {
  try {
    const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined;
    return { status: response.status, text: await response.text(), retryAfterMs };
  } catch {
    return undefined;
  }
}

function mayTryAgain({ method }: GenesysCall, outcome: Outcome | undefined): boolean {
  if (outcome !== undefined && NOT_DONE.has(outcome.status)) return true;
  return method === 'GET' && (outcome === undefined || PASSING.has(outcome.status));
}

async function pauseFor(
  { wait, random }: GenesysApiDeps,
  bucket: TokenBucket,
  { attempt, asked }: { attempt: number; asked: number | undefined },
): Promise<void> {
  if (asked !== undefined && asked > LONGEST_PAUSE_MS)
    throw error('GENESYS_BUSY', 'a longer pause was asked for');
  if (asked !== undefined) bucket.pause(asked);
  const backOff = BACK_OFF_MS * 2 ** (attempt - 1) * (0.5 + random() / 2);
  await wait(Math.max(asked ?? 0, Math.ceil(backOff)));
}

function readAnswer<T>({ text }: Outcome, answer: z.ZodType<T>, call?: GenesysCall): T {
  const parsed = answer.safeParse(call?.plainText === true ? text : parsedJson(text));
  if (parsed.success) return parsed.data;
  throw error('GENESYS_UNREADABLE', 'an answer of another form came');
}

/** The refusal's own code is told, its words are not: they can repeat what was sent. */
function refusalOf({ method }: Pick<GenesysCall, 'method'>, outcome: Outcome | undefined): ComplianceError {
  if (outcome?.status === 429) return error('GENESYS_BUSY', 'the rate limit refused every attempt');
  const uncertain = outcome === undefined || outcome.status >= 500;
  if (uncertain && method !== 'GET') return error('GENESYS_UNCERTAIN', 'no certain answer came');
  const code = Refusal.safeParse(parsedJson(outcome?.text ?? '')).data?.code ?? 'no code';
  const isConflict = outcome?.status === 409 && (method === 'PUT' || method === 'PATCH');
  return error(
    isConflict ? 'GENESYS_CONFLICT' : 'GENESYS_REFUSED',
    `${outcome?.status ?? 'no answer'} came (${code})`,
  );
}

function error(code: string, got: string): ComplianceError {
  return new ComplianceError({ code, message: `expected an answer of Genesys Cloud, but ${got}` });
}
