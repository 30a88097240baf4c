import { expect } from 'vitest';
import type { Connection } from '../../bin/commands/connection.ts';
import { Answer } from '../../lib/domain/decision/answer.ts';

/** Our own failures: they say nothing about the person, and the product promises that the same may be asked again. */
const OURS = new Set(['UNAVAILABLE', 'AUDIT_UNAVAILABLE']);
const TRIES = 5;

/** How often a check had to be asked again, because a busy machine kept it beyond its 800 ms. */
export const retries = { count: 0 };

/** Asks for a decision as a dialler does; asks again where the answer is that there was none in time. */
export async function check({ post }: Connection, request: object): Promise<Answer> {
  return await untilDecided(async () => {
    const { status, body } = await post('/v1/checks', request);
    expect(status).toBe(200);
    return Answer.parse(body);
  });
}

/** The same for any other way of asking. */
export async function untilDecided<A extends { readonly reason: string }>(ask: () => Promise<A>): Promise<A> {
  let answer = await ask();
  for (let tries = 1; tries < TRIES && OURS.has(answer.reason); tries += 1) {
    retries.count += 1;
    answer = await ask();
  }
  return answer;
}
