import { invalidPattern, isObject, type Json } from './pattern-json.ts';
import { compileLeaf, type LeafTest } from './pattern-operators.ts';

export type EventPattern = (event: Json) => boolean;

type Matcher = (value: Json | undefined) => boolean;

/**
 * Compiles an EventBridge event pattern. All fields named must match, and of a field any of its values. Throws
 * InvalidEventPatternException for an operator or a form that EventBridge does not have, when the rule is made. Source:
 * Amazon EventBridge User Guide, "Comparison operators for use in event patterns".
 * Numbers compare by value: 300 and 3.0e2 are told apart by EventBridge, but not once JSON has been parsed.
 */
export function compilePattern(pattern: Json): EventPattern {
  if (!isObject(pattern)) throw invalidPattern('Event pattern is not an object.');
  return compileObject(pattern, '');
}

function compileObject(pattern: { readonly [name: string]: Json }, path: string): Matcher {
  const fields = Object.entries(pattern);
  if (fields.length === 0) throw invalidPattern(`Empty objects are not allowed (${path || 'the pattern'}).`);
  const matchers = fields.map(([name, value]): Matcher => {
    const at = path === '' ? name : `${path}.${name}`;
    if (name === '$or') return compileOr(value, path);
    const inner = compileField(value, at);
    return (event) => inner(isObject(event) && Object.hasOwn(event, name) ? event[name] : undefined);
  });
  const all: Matcher = (event) => matchers.every((matches) => matches(event));
  // An array of objects matches where one of its elements does: fields are never matched across elements.
  return (event) => (Array.isArray(event) && event.length > 0 ? event.some(all) : all(event));
}

function compileOr(value: Json, path: string): Matcher {
  if (!Array.isArray(value) || value.length < 2 || !value.every(isObject)) {
    throw invalidPattern('$or takes an array of at least two objects.');
  }
  const alternatives = value.filter(isObject).map((alternative) => compileObject(alternative, path));
  return (event) => alternatives.some((matches) => matches(event));
}

function compileField(value: Json, path: string): Matcher {
  if (isObject(value)) return compileObject(value, path);
  if (!Array.isArray(value)) throw invalidPattern(`"${path}" must be an object or an array.`);
  if (value.length === 0) throw invalidPattern(`Empty arrays are not allowed ("${path}").`);
  const tests = value.map((one) => compileLeaf(one, path));
  return (event) => tests.some((test) => leafMatches(test, event));
}

function leafMatches(test: LeafTest, event: Json | undefined): boolean {
  const leaves = leavesOf(event);
  if (test.kind === 'exists') return test.wanted === leaves.length > 0;
  return leaves.some(test.matches);
}

// "Comparison operators only work on leaf nodes"; "if the value in the event is an array, then the event pattern matches
// if the intersection of the event pattern array and the event array is nonempty" (Amazon EventBridge User Guide).
function leavesOf(event: Json | undefined): readonly Json[] {
  if (Array.isArray(event)) return event.flatMap(leavesOf);
  return event === undefined || isObject(event) ? [] : [event];
}
