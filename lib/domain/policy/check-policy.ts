import type * as z from 'zod';
import { DEFAULT_POLICY } from './default-policy.ts';
import { type Policy, PolicyDocument, policyOf, Rule } from './policy.ts';

/** A policy to decide by and what is odd about it, or every reason why the text is none, in sentences. */
export type CheckedPolicy =
  | { readonly policy: Policy; readonly warnings: readonly string[] }
  | { readonly problems: readonly string[] };

/** Reads the text of a policy document: form, ids, dates. */
export function checkPolicy(text: string): CheckedPolicy {
  const json = parseJson(text);
  if ('problem' in json) return { problems: [json.problem] };
  const document = PolicyDocument.safeParse(json.value);
  if (!document.success) {
    return { problems: document.error.issues.flatMap((issue) => problemsOf(issue, json.value)) };
  }
  const problems = [...repeatedIds(document.data), ...backwardDates(document.data)];
  return problems.length > 0
    ? { problems }
    : { policy: policyOf(document.data), warnings: oddities(document.data) };
}

function parseJson(text: string): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: `The text is no JSON: ${error instanceof Error ? error.message : 'unreadable'}` };
  }
}

type Issue = z.core.$ZodIssue;

function problemsOf(issue: Issue, document: unknown, outer: readonly PropertyKey[] = []): readonly string[] {
  const path = [...outer, ...issue.path];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // The alternative that the writer came nearest to.
    const [nearest = []] = issue.errors.toSorted((a, b) => weightOf(a) - weightOf(b));
    return nearest.flatMap((inner) => problemsOf(inner, document, path));
  }
  return [`${placeOf(path, document)}: ${saidOf(issue, valueAt(document, path))}`];
}

function weightOf(issues: readonly Issue[]): number {
  return issues.reduce((sum, { code }) => sum + (code === 'unrecognized_keys' ? 10 : 1), 0);
}

function saidOf(issue: Issue, value: unknown): string {
  if (issue.code === 'invalid_union' && issue.path.at(-1) === 'kind') {
    return `expected one of ${KINDS.join(', ')}`;
  }
  if (issue.code === 'unrecognized_keys') return `has no field ${issue.keys.join(', ')}`;
  return value === undefined ? 'is missing' : issue.message.replace(/^Invalid (input|option): /, '');
}

const KINDS = Rule.options.map(({ shape }) => shape.kind.value);

/** `rules[3] (us-calling-hours).until`: where it is, and which rule that is. */
function placeOf(path: readonly PropertyKey[], document: unknown): string {
  if (path.length === 0) return 'the document';
  const parts = path.map((part, position) => {
    const name = typeof part === 'number' ? `[${part}]` : `${position === 0 ? '' : '.'}${String(part)}`;
    const id = path[0] === 'rules' && position === 1 ? valueAt(document, ['rules', part, 'id']) : undefined;
    return typeof id === 'string' ? `${name} (${id})` : name;
  });
  return parts.join('');
}

function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined),
    document,
  );
}

function repeatedIds({ rules }: PolicyDocument): readonly string[] {
  return [...Map.groupBy(rules, ({ id }) => id)].flatMap(([id, same]) =>
    same.length > 1 ? [`${same.length} rules have the id ${id}: expected each id once`] : [],
  );
}

function backwardDates({ rules }: PolicyDocument): readonly string[] {
  return rules.flatMap(({ id, effectiveFrom, effectiveTo }, position) =>
    effectiveTo !== undefined && effectiveTo <= effectiveFrom
      ? [
          `rules[${position}] (${id}).effectiveTo: expected a day after effectiveFrom ${effectiveFrom}, got ${effectiveTo}`,
        ]
      : [],
  );
}

/** What may be meant, and often is a slip. */
function oddities({ rules }: PolicyDocument): readonly string[] {
  const shipped = DEFAULT_POLICY.rules;
  const known = new Set(shipped.flatMap((rule) => ('registry' in rule ? [rule.registry] : [])));
  const unknown = rules.flatMap((rule) =>
    'registry' in rule && !known.has(rule.registry)
      ? [
          `${rule.id} asks the registry ${rule.registry}, which no rule that ships does: until a list is imported under this id, it blocks`,
        ]
      : [],
  );
  const kinds = new Set(rules.map(({ kind }) => kind));
  const missing = new Set(shipped.map(({ kind }) => kind).filter((kind) => !kinds.has(kind)));
  return [
    ...unknown,
    ...[...missing].map((kind) => `no rule is of kind ${kind}, though the policy that ships has such rules`),
  ];
}
