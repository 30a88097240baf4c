import { canonicalJson } from '../canonical-json.ts';
import type { Policy, Rule } from './policy.ts';

export type FieldChange = {
  readonly field: string;
  /** JSON of the value; null where the rule has no such field. */
  readonly before: string | null;
  readonly after: string | null;
};

export type PolicyDiff = {
  readonly from: string;
  readonly to: string;
  readonly added: readonly Rule[];
  readonly removed: readonly Rule[];
  readonly changed: readonly { readonly ruleId: string; readonly fields: readonly FieldChange[] }[];
};

/** What differs between two policies, rule by rule by their ids. The order of rules says nothing and is not compared. */
export function diffPolicies(from: Policy, to: Policy): PolicyDiff {
  const before = new Map(from.rules.map((rule) => [rule.id, rule]));
  const after = new Map(to.rules.map((rule) => [rule.id, rule]));
  return {
    from: from.name,
    to: to.name,
    added: to.rules.filter(({ id }) => !before.has(id)),
    removed: from.rules.filter(({ id }) => !after.has(id)),
    changed: from.rules.flatMap((rule) => {
      const now = after.get(rule.id);
      const fields = now === undefined ? [] : changedFields(rule, now);
      return fields.length === 0 ? [] : [{ ruleId: rule.id, fields }];
    }),
  };
}

function changedFields(before: Rule, after: Rule): readonly FieldChange[] {
  const [old, now] = [before, after].map((rule) => new Map<string, unknown>(Object.entries(rule)));
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((field) => {
    const change = { field, before: textOf(old?.get(field)), after: textOf(now?.get(field)) };
    return change.before === change.after ? [] : [change];
  });
}

function textOf(value: unknown): string | null {
  return value === undefined ? null : canonicalJson(value);
}
