import * as z from 'zod';
import type { GenesysApi } from './cloud-api.ts';

/**
 * Such as https://apps.mypurecloud.de/platform/api/v2/downloads/{downloadId}, which tells the signed address to whoever has a
 * token.
 */
const DOWNLOAD = /\/api\/v2\/downloads\/[\w-]+$/;
const SignedUrl = z.object({ url: z.url() });

/**
 * The signed address of what the platform offers for download under `uri`, which may be signed already. Its token is sent to
 * the platform's own address alone, whatever host an answer names.
 */
export async function signedUrl(api: GenesysApi, uri: string): Promise<string> {
  const path = DOWNLOAD.exec(new URL(uri).pathname)?.[0];
  if (path === undefined) return uri;
  const { url } = await api.send({ method: 'GET', path, query: { issueRedirect: 'false' } }, SignedUrl);
  return url;
}

/** What lies under a signed address, asked for without a token; undefined where no answer came. */
export async function fetchSigned(url: string, timeoutMs: number): Promise<Response | undefined> {
  const init: RequestInit = { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) };
  return await fetch(url, init).catch(() => undefined);
}
