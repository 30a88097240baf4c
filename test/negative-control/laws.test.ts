import { describe, expect, it } from 'vitest';
import { createDialguard } from './dialguard.ts';
import { LAWS } from './laws.ts';
import { POLICY_LAWS } from './policy-laws.ts';
import { createPublishedRecipe } from './published-recipe.ts';

const EVERY_LAW = [...LAWS, ...POLICY_LAWS];

describe('Dialguard', () => {
  it.each(EVERY_LAW)('$trap keeps the law: $title', async ({ holds }) => {
    await holds((world) => createDialguard(world));
  });
});

describe('a recipe as published, the negative control', () => {
  it.each(EVERY_LAW)(
    '$trap break the law, and the same harness sees it: $title',
    async ({ holds, breach }) => {
      const error: unknown = await holds(createPublishedRecipe).catch((reason: unknown) => reason);
      expect(wholeMessage(error)).toMatch(breach);
    },
  );
});

/** A property's error names the counterexample; its cause says what was wrong with it. */
function wholeMessage(error: unknown): string {
  return error instanceof Error ? `${error.message}\n${wholeMessage(error.cause)}` : '';
}
