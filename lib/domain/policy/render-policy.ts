import type { PolicyDiff } from './diff.ts';
import type { Jurisdiction, Policy, Rule } from './policy.ts';

/** A policy as text for a terminal: three lines a rule, with every field that is its own. */
export function renderPolicy({ name, hash, rules }: Policy): readonly string[] {
  return [`Policy ${name} (SHA-256 ${hash}), ${rules.length} rules`, ...rules.flatMap(renderRule)];
}

function renderRule(rule: Rule): readonly string[] {
  const { id, kind, jurisdiction, channels, purposes, citation, effectiveFrom, effectiveTo, ...rest } = rule;
  const { contested, note, ...own } = rest;
  const fields = Object.entries(own).map(([field, value]) => `${field} ${JSON.stringify(value)}`);
  return [
    '',
    [`${id}: ${kind}`, ...fields].join(', '),
    `  ${whereText(jurisdiction)}; ${channels.join(' ')}; ${purposes.join(' ')}`,
    `  from ${effectiveFrom}${effectiveTo === undefined ? '' : ` to before ${effectiveTo}`}; ${citation}`,
    ...(contested ? ['  CONTESTED'] : []),
    ...(note === undefined ? [] : [`  ${note}`]),
  ];
}

function whereText(jurisdiction: Jurisdiction): string {
  if ('regions' in jurisdiction) return jurisdiction.regions.join(' ');
  if ('countries' in jurisdiction) return jurisdiction.countries.join(' ');
  const { except } = jurisdiction;
  return ['everywhere', ...(except.length === 0 ? [] : ['but', ...except])].join(' ');
}

/** A difference as text for a terminal. */
export function renderDiff({ from, to, added, removed, changed }: PolicyDiff): readonly string[] {
  if (added.length + removed.length + changed.length === 0) return [`${from} and ${to} have the same rules.`];
  return [
    `From ${from} to ${to}`,
    ...removed.map(({ id, kind }) => `- ${id} (${kind})`),
    ...added.map(({ id, kind }) => `+ ${id} (${kind})`),
    ...changed.flatMap(({ ruleId, fields }) => [
      `~ ${ruleId}`,
      ...fields.map(({ field, before, after }) => `    ${field}: ${before ?? 'none'} -> ${after ?? 'none'}`),
    ]),
  ];
}
