import type { RuleOf } from '../policy.ts';
import { type Finding, finding, type RuleContext } from './context.ts';

const DAY_MS = 86_400_000;

/** A number on the registry is blocked; one that is not loaded blocks every number, but for lists that are optional. */
export function evaluateRegistry(rule: RuleOf<'registry'>, context: RuleContext): readonly Finding[] {
  const fact = context.registries.find(({ registry }) => registry === rule.registry);
  if (fact === undefined) return rule.whereImported ? [] : [finding(rule, 'REGISTRY_UNAVAILABLE')];
  return fact.listed ? [finding(rule, 'REGISTRY_LISTED')] : [];
}

/** The version may be at most `maxAgeDays` old on the day of the contact, counted from the registry's own date. */
export function evaluateRegistryAge(rule: RuleOf<'registryAge'>, context: RuleContext): readonly Finding[] {
  const fact = context.registries.find(({ registry }) => registry === rule.registry);
  if (fact === undefined) return [];
  const ageDays = Math.floor((context.now - fact.versionAt) / DAY_MS);
  return ageDays > rule.maxAgeDays ? [finding(rule, 'REGISTRY_STALE')] : [];
}

/** The registry subscription must cover the number's area code. */
export function evaluateRegistryCoverage(
  rule: RuleOf<'registryCoverage'>,
  context: RuleContext,
): readonly Finding[] {
  const fact = context.registries.find(({ registry }) => registry === rule.registry);
  if (fact === undefined || fact.areaCodes === 'ALL') return [];
  const { areaCode } = context.subject;
  return areaCode !== undefined && fact.areaCodes.includes(areaCode)
    ? []
    : [finding(rule, 'REGISTRY_NOT_COVERED')];
}
