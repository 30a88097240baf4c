import { describe, expect, it } from 'vitest';
import { createDialguard } from './dialguard.ts';
import { LAWS } from './laws.ts';
import { createPublishedRecipe } from './published-recipe.ts';

describe('Dialguard', () => {
  it.each(LAWS)('$trap keeps the law: $title', async ({ holds }) => {
    await holds((world) => createDialguard(world));
  });
});

describe('a recipe as published, the negative control', () => {
  it.each(LAWS)('$trap break the law, and the same harness sees it: $title', async ({ holds, breach }) => {
    const error: unknown = await holds(createPublishedRecipe).catch((reason: unknown) => reason);
    expect(wholeMessage(error)).toMatch(breach);
  });
});

/** A property's error names the counterexample; its cause says what was wrong with it. */
function wholeMessage(error: unknown): string {
  return error instanceof Error ? `${error.message}\n${wholeMessage(error.cause)}` : '';
}
