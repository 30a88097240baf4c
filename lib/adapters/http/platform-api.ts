import * as z from 'zod';
import { ComplianceError } from '../../domain/errors.ts';
import { parsedJson } from '../../domain/json.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';

export type PlatformDeps = {
  /** How the platform is called in the codes of errors, such as `GENESYS`, and in their words. */
  readonly name: { readonly code: string; readonly words: string };
  /** Without a slash at its end. */
  readonly apiUrl: string;
  /** The call that answers with a bearer token, as `access_token` and `expires_in` in seconds. */
  readonly tokenRequest: () => Promise<{ readonly url: string; readonly init: RequestInit }>;
  readonly rate: { readonly burst: number; readonly perSecond: number };
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly timeoutMs: number;
  /** The shortest pause before the second attempt; each further one is twice as long, all up to twice that by chance. */
  readonly firstPauseMs?: number;
};

export type PlatformCall = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Never written to a log or an error: a search value is somebody's number. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Where the answer is a text and no JSON. */
  readonly plainText?: true;
  /** Carried out twice, it has done no more than once: it is tried again as a call is that only reads. */
  readonly repeatable?: true;
};

export type PlatformApi<Call extends PlatformCall> = {
  /**
   * Makes a call and reads its answer. What was certainly not carried out is tried again; a call that changes something
   * and may have been carried out is not, since only the caller can find out whether it was.
   *
   * @throws ComplianceError <NAME>_BUSY where the limit asks for a longer pause than a run may take, and where no token
   * came: nothing was done; <NAME>_UNCERTAIN where a change may have been made; <NAME>_CONFLICT where what was to be changed
   * is not as it was read; <NAME>_REFUSED with the status (see `refusalIn`); <NAME>_UNREADABLE.
   */
  send<T>(call: Call, answer: z.ZodType<T>): Promise<T>;
};

const ATTEMPTS = 5;
const LONGEST_PAUSE_MS = 180_000;
const FIRST_PAUSE_MS = 500;
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
/** The other side's own code is told, its words are not: they can repeat what was sent. */
const RefusalBody = z.object({
  code: z
    .string()
    .regex(/^[A-Za-z._]{1,80}$/)
    .optional()
    .catch(undefined),
  limit: z.unknown().optional(),
});
const Refusal = z.object({ status: z.number(), code: z.string().optional(), isLimit: z.boolean() });
export type Refusal = z.infer<typeof Refusal>;

/** What the other side refused a call with, where an error says that it did; `isLimit`: by a limit of its own. */
export function refusalIn(error: unknown): Refusal | undefined {
  return error instanceof ComplianceError ? Refusal.safeParse(error.cause).data : undefined;
}

/** Calls the HTTP API of another system under a bearer token, a rate limit and one set of rules for what is repeated. */
export function createPlatformApi<Call extends PlatformCall>(deps: PlatformDeps): PlatformApi<Call> {
  const bucket = createTokenBucket({ ...deps.rate, now: deps.now, wait: deps.wait });
  const tokens = createTokens(deps);
  return {
    async send(call, answer) {
      const made = { inDoubt: false };
      try {
        return await make(call, answer, made);
      } catch (error) {
        // Whatever was said last: one of the attempts may have been carried out.
        if (made.inDoubt) throw problem(deps, 'UNCERTAIN', 'no certain answer came');
        throw error;
      }
    },
  };

  async function make<T>(call: Call, answer: z.ZodType<T>, made: { inDoubt: boolean }): Promise<T> {
    const lastSentAt = call.method === 'GET' ? Number.POSITIVE_INFINITY : deps.now() + CHANGE_WITHIN_MS;
    for (let attempt = 1; ; attempt += 1) {
      await bucket.take();
      const token = await tokens.current();
      if (deps.now() > lastSentAt) throw problem(deps, 'BUSY', 'it would be made too late');
      const outcome = await request(deps, { call, token });
      if (outcome !== undefined && outcome.status < 300) {
        made.inDoubt = false;
        return readAnswer(deps, { ...call, text: outcome.text }, answer);
      }
      if (outcome?.status === 401) tokens.forget(token);
      made.inDoubt ||= mayHaveActed(call, outcome);
      if (!mayTryAgain(call, outcome) || attempt === ATTEMPTS) throw refused(deps, call, outcome);
      await pauseFor(deps, bucket, { attempt, asked: outcome?.retryAfterMs });
    }
  }
}

/** Whether a call that changes something may have been carried out, for all that its answer says. */
function mayHaveActed({ method }: Pick<PlatformCall, 'method'>, outcome: Exchanged | undefined): boolean {
  return method !== 'GET' && (outcome === undefined || outcome.status >= 500);
}

function createTokens(deps: PlatformDeps) {
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

async function requestToken(deps: PlatformDeps): Promise<{ token: string; until: number }> {
  const { url, init } = await deps.tokenRequest();
  const outcome = await exchange(url, deps.timeoutMs, init);
  // Without a token nothing was asked, so that it can be asked again whenever.
  if (outcome === undefined || PASSING.has(outcome.status)) throw problem(deps, 'BUSY', 'no token came');
  if (outcome.status >= 300) throw refused(deps, { method: 'GET' }, outcome);
  const { access_token: token, expires_in: seconds } = readAnswer(deps, { text: outcome.text }, Token);
  return { token, until: deps.now() + seconds * 1000 - TOKEN_MARGIN_MS };
}

function request(
  { apiUrl, timeoutMs }: PlatformDeps,
  { call, token }: { call: PlatformCall; token: string },
): Promise<Exchanged | undefined> {
  const query = call.query === undefined ? '' : `?${new URLSearchParams(call.query)}`;
  return exchange(`${apiUrl}${call.path}${query}`, timeoutMs, {
    method: call.method,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      'content-type': 'application/json',
    },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
  });
}

export type Exchanged = {
  readonly status: number;
  readonly text: string;
  readonly retryAfterMs: number | undefined;
};

/**
 * One call and its answer, whatever that says; nothing is followed elsewhere. Undefined where no answer came: the other
 * side may have acted or not.
 */
export async function exchange(
  url: string,
  timeoutMs: number,
  init: RequestInit,
): Promise<Exchanged | undefined> {
  try {
    const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined;
    return { status: response.status, text: await response.text(), retryAfterMs };
  } catch {
    return undefined;
  }
}

function mayTryAgain({ method, repeatable }: PlatformCall, outcome: Exchanged | undefined): boolean {
  if (outcome !== undefined && NOT_DONE.has(outcome.status)) return true;
  return (method === 'GET' || repeatable === true) && (outcome === undefined || PASSING.has(outcome.status));
}

async function pauseFor(
  deps: PlatformDeps,
  bucket: TokenBucket,
  { attempt, asked }: { attempt: number; asked: number | undefined },
): Promise<void> {
  if (asked !== undefined && asked > LONGEST_PAUSE_MS)
    throw problem(deps, 'BUSY', 'a longer pause was asked for');
  if (asked !== undefined) bucket.pause(asked);
  const { firstPauseMs = FIRST_PAUSE_MS, random } = deps;
  const backOff = firstPauseMs * 2 ** (attempt - 1) * (1 + random());
  await deps.wait(Math.max(asked ?? 0, Math.ceil(backOff)));
}

function readAnswer<T>(
  deps: PlatformDeps,
  { text, plainText }: { readonly text: string; readonly plainText?: true },
  answer: z.ZodType<T>,
): T {
  const parsed = answer.safeParse(plainText === true ? text : parsedJson(text));
  if (parsed.success) return parsed.data;
  throw problem(deps, 'UNREADABLE', 'an answer of another form came');
}

function refused(
  deps: PlatformDeps,
  { method }: Pick<PlatformCall, 'method'>,
  outcome: Exchanged | undefined,
): ComplianceError {
  if (outcome?.status === 429) return problem(deps, 'BUSY', 'the rate limit refused every attempt');
  if (mayHaveActed({ method }, outcome)) return problem(deps, 'UNCERTAIN', 'no certain answer came');
  const { code, limit } = RefusalBody.safeParse(parsedJson(outcome?.text ?? '')).data ?? {};
  const words = `${outcome?.status ?? 'no answer'} came (${code ?? 'no code'})`;
  const refusal =
    outcome === undefined ? undefined : { status: outcome.status, code, isLimit: limit !== undefined };
  const isConflict = outcome?.status === 409 && (method === 'PUT' || method === 'PATCH');
  return problem(deps, isConflict ? 'CONFLICT' : 'REFUSED', { words, refusal });
}

function problem(
  { name }: PlatformDeps,
  kind: 'BUSY' | 'UNCERTAIN' | 'CONFLICT' | 'REFUSED' | 'UNREADABLE',
  got: string | { readonly words: string; readonly refusal: Refusal | undefined },
): ComplianceError {
  const { words, refusal } = typeof got === 'string' ? { words: got, refusal: undefined } : got;
  const message = `expected an answer of ${name.words}, but ${words}`;
  return new ComplianceError({ code: `${name.code}_${kind}`, message, cause: refusal });
}
