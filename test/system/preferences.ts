import { expect } from 'vitest';
import type { Connection } from '../../bin/commands/connection.ts';

/** An opt-out as an agent takes it, from every channel where `given` names none. */
export function optOutOf(given: object): object {
  return { channel: 'ALL', source: 'AGENT', by: 'agent-7', ...given };
}

/** Posts an opt-out, and expects it to be taken. */
export async function optOut({ post }: Connection, given: object): Promise<void> {
  expect((await post('/v1/opt-outs', optOutOf(given))).status).toBe(201);
}

/** A statement on consent to service calls, as a form on the website takes it. */
export function consentOf(given: object): object {
  const named = { channel: 'VOICE', purpose: 'SERVICE', seller: 'acme' };
  return { ...named, source: 'WEBSITE_FORM', by: 'web', ...given };
}

/** Posts a statement on consent, and expects it to be taken. */
export async function consent({ post }: Connection, given: object): Promise<void> {
  expect((await post('/v1/consents', consentOf(given))).status).toBe(201);
}
