import type { WrapUpCodeMapping } from './organization.ts';

const FLAG = 'Number_UnCallable';

/** Whether a code ends further attempts on the number within its list; the platform's own flags come in mixed case. */
export function isUncallable({ mapping, defaultSet }: WrapUpCodeMapping, codeId: string): boolean {
  return (mapping[codeId] ?? defaultSet).some((flag) => /^(?:number|contact)_uncallable$/i.test(flag));
}

/** The mapping in which these codes do, and everything else is as it was. */
export function withUncallable(found: WrapUpCodeMapping, codeIds: readonly string[]): WrapUpCodeMapping {
  const added = codeIds
    .filter((id) => !isUncallable(found, id))
    .map((id): [string, string[]] => [id, [...(found.mapping[id] ?? found.defaultSet), FLAG]]);
  return { ...found, mapping: { ...found.mapping, ...Object.fromEntries(added) } };
}
