import { describe, expect, it } from 'vitest';
import { createDialguard } from './dialguard.ts';
import { LAWS } from './laws.ts';
import { createSource002 } from './source-002.ts';

describe('Dialguard', () => {
  it.each(LAWS)('$trap keeps the law: $title', async ({ holds }) => {
    await holds((world) => createDialguard(world));
  });
});

describe('the functions of source 002, the negative control', () => {
  it.each(LAWS)('$trap break the law, and the same harness sees it: $title', async ({ holds, breach }) => {
    const error: unknown = await holds(createSource002).catch((reason: unknown) => reason);
    expect(wholeMessage(error)).toMatch(breach);
  });
});

/** A property's error names the counterexample; its cause says what was wrong with it. */
function wholeMessage(error: unknown): string {
  return error instanceof Error ? `${error.message}\n${wholeMessage(error.cause)}` : '';
}
