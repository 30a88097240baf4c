import { BlockList, isIP } from 'node:net';
import { invalidPattern, isObject, type Json } from './pattern-json.ts';
import { compileWildcard } from './wildcard.ts';

export type LeafTest =
  | { readonly kind: 'exists'; readonly wanted: boolean }
  | { readonly kind: 'value'; readonly matches: (value: Json) => boolean };

type ValueTest = (value: Json) => boolean;
type Operator = (argument: Json, path: string) => ValueTest;

/** One element of a pattern's array: a literal, or an object that holds exactly one operator. */
export function compileLeaf(pattern: Json, path: string): LeafTest {
  if (!isObject(pattern)) {
    if (Array.isArray(pattern)) throw invalidPattern(`"${path}" holds an array inside an array.`);
    return { kind: 'value', matches: (value) => value === pattern };
  }
  const { name, argument } = single(pattern, path);
  if (name === 'exists') {
    if (typeof argument !== 'boolean') throw invalidPattern(`exists of "${path}" takes true or false.`);
    return { kind: 'exists', wanted: argument };
  }
  return { kind: 'value', matches: operator(OPERATORS, name, path)(argument, path) };
}

const OPERATORS: Readonly<Record<string, Operator>> = {
  prefix: (argument, path) => affix(argument, path, (value, part) => value.startsWith(part)),
  suffix: (argument, path) => affix(argument, path, (value, part) => value.endsWith(part)),
  'equals-ignore-case': (argument, path) => {
    const wanted = text(argument, path).toLowerCase();
    return (value) => typeof value === 'string' && value.toLowerCase() === wanted;
  },
  wildcard: (argument, path) => {
    const matches = compileWildcard(text(argument, path));
    return (value) => typeof value === 'string' && matches(value);
  },
  numeric: compileNumeric,
  cidr: compileCidr,
  'anything-but': compileAnythingBut,
};

const UNDER_ANYTHING_BUT: Readonly<Record<string, Operator>> = {
  prefix: (argument, path) => eachString(argument, path, (value, part) => value.startsWith(part)),
  suffix: (argument, path) => eachString(argument, path, (value, part) => value.endsWith(part)),
  'equals-ignore-case': (argument, path) =>
    eachString(argument, path, (value, part) => value.toLowerCase() === part.toLowerCase()),
  wildcard: (argument, path) => {
    const tests = strings(argument, path).map(compileWildcard);
    return (value) => typeof value === 'string' && tests.some((matches) => matches(value));
  },
};

function compileAnythingBut(argument: Json, path: string): ValueTest {
  if (isObject(argument)) {
    const { name, argument: inner } = single(argument, path);
    const excluded = operator(UNDER_ANYTHING_BUT, name, path)(inner, path);
    return (value) => !excluded(value);
  }
  const values: readonly Json[] = Array.isArray(argument) ? argument : [argument];
  const type = typeof values[0];
  // "lists, which have to contain entirely strings or entirely numerics" (aws/event-ruler, README)
  if ((type !== 'string' && type !== 'number') || values.some((value) => typeof value !== type)) {
    throw invalidPattern(`anything-but of "${path}" takes strings or numbers, not both.`);
  }
  return (value) => !values.includes(value);
}

function affix(argument: Json, path: string, test: (value: string, part: string) => boolean): ValueTest {
  if (!isObject(argument)) {
    const part = text(argument, path);
    return (value) => typeof value === 'string' && test(value, part);
  }
  const { name, argument: inner } = single(argument, path);
  if (name !== 'equals-ignore-case') throw unknown(name, path);
  const part = text(inner, path).toLowerCase();
  return (value) => typeof value === 'string' && test(value.toLowerCase(), part);
}

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '=': (value, bound) => value === bound,
  '>=': (value, bound) => value >= bound,
  '>': (value, bound) => value > bound,
};
// "Numeric matching is limited to values between -5.0e9 and +5.0e9 inclusive" (Amazon EventBridge User Guide)
const NUMERIC_LIMIT = 5e9;

function compileNumeric(argument: Json, path: string): ValueTest {
  const parts = Array.isArray(argument) ? argument : [];
  const operators = parts.filter((_, index) => index % 2 === 0).map(String);
  const range = operators.length === 2 && operators[0]?.startsWith('>') && operators[1]?.startsWith('<');
  if (parts.length !== 2 && !(parts.length === 4 && range)) {
    throw invalidPattern(`numeric of "${path}" takes one comparison, or a lower and then an upper bound.`);
  }
  const tests = operators.map((name, index) => {
    const compare = Object.hasOwn(COMPARISONS, name) ? COMPARISONS[name] : undefined;
    const bound = parts[index * 2 + 1];
    if (compare === undefined || typeof bound !== 'number' || Math.abs(bound) > NUMERIC_LIMIT) {
      throw invalidPattern(`numeric of "${path}" takes <, <=, =, >= or > and a number within 5e9.`);
    }
    return (value: number) => compare(value, bound);
  });
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function compileCidr(argument: Json, path: string): ValueTest {
  const [address = '', bits = ''] = text(argument, path).split('/');
  const family = isIP(address);
  if (family === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) {
    throw invalidPattern(`cidr of "${path}" takes an address and a prefix length.`);
  }
  const name = family === 4 ? 'ipv4' : 'ipv6';
  const block = new BlockList();
  block.addSubnet(address, Number(bits), name);
  return (value) => typeof value === 'string' && isIP(value) === family && block.check(value, name);
}

function eachString(argument: Json, path: string, test: (value: string, part: string) => boolean): ValueTest {
  const parts = strings(argument, path);
  return (value) => typeof value === 'string' && parts.some((part) => test(value, part));
}

function strings(argument: Json, path: string): string[] {
  const list: readonly Json[] = Array.isArray(argument) ? argument : [argument];
  if (list.length === 0) throw invalidPattern(`Empty arrays are not allowed ("${path}").`);
  return list.map((one) => text(one, path));
}

function text(argument: Json, path: string): string {
  if (typeof argument !== 'string') throw invalidPattern(`The operator of "${path}" takes a string.`);
  return argument;
}

function single(pattern: { readonly [name: string]: Json }, path: string): { name: string; argument: Json } {
  const [entry, ...more] = Object.entries(pattern);
  if (entry === undefined || more.length > 0) {
    throw invalidPattern(`"${path}": exactly one operator is allowed in a match expression.`);
  }
  return { name: entry[0], argument: entry[1] };
}

function operator(known: Readonly<Record<string, Operator>>, name: string, path: string): Operator {
  const found = Object.hasOwn(known, name) ? known[name] : undefined;
  if (found === undefined) throw unknown(name, path);
  return found;
}

function unknown(name: string, path: string): Error {
  return invalidPattern(`Unrecognized match type ${name} ("${path}").`);
}
