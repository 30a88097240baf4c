import type { Json } from './assembly.ts';

/** What intrinsic functions can ask for. */
export type IntrinsicScope = {
  ref(logicalId: string): Json;
  getAtt(logicalId: string, attribute: string): Json;
  importValue(name: string): Json;
};

/**
 * Replaces CloudFormation's intrinsic functions by their values.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 *
 * @throws Error for a function that the local stack does not know: a template must not boot half understood.
 */
export function resolveIntrinsics(value: Json, scope: IntrinsicScope): Json {
  if (Array.isArray(value)) {
    return value.map((item: Json) => resolveIntrinsics(item, scope)).filter((item) => item !== NO_VALUE);
  }
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (only !== undefined && entries.length === 1 && (only[0] === 'Ref' || only[0].startsWith('Fn::'))) {
    return applyFunction(only[0], only[1], scope);
  }
  return Object.fromEntries(
    entries
      .map(([name, item]) => [name, resolveIntrinsics(item, scope)])
      .filter(([, item]) => item !== NO_VALUE),
  );
}

/** What `AWS::NoValue` resolves to: the property is left out. */
export const NO_VALUE: Json = { 'AWS::NoValue': true };

function applyFunction(name: string, raw: Json, scope: IntrinsicScope): Json {
  if (name === 'Ref') return scope.ref(text(raw));
  if (name === 'Fn::GetAtt') {
    const [logicalId, ...attribute] = Array.isArray(raw) ? raw.map(text) : text(raw).split('.');
    return scope.getAtt(logicalId ?? '', attribute.join('.'));
  }
  if (name === 'Fn::Sub') return substitute(raw, scope);
  const argument = resolveIntrinsics(raw, scope);
  switch (name) {
    case 'Fn::ImportValue':
      return scope.importValue(text(argument));
    case 'Fn::Join': {
      const [separator, parts] = list(argument);
      return list(parts).map(text).join(text(separator));
    }
    case 'Fn::Select': {
      const [index, choices] = list(argument);
      return list(choices)[Number(index)] ?? fail('Fn::Select out of range');
    }
    case 'Fn::Split': {
      const [separator, whole] = list(argument);
      return text(whole).split(text(separator));
    }
    default:
      return fail(`the intrinsic function ${name}`);
  }
}

function substitute(raw: Json, scope: IntrinsicScope): string {
  const [template, variables] = Array.isArray(raw) ? raw : [raw, {}];
  const values = resolveIntrinsics(variables ?? {}, scope);
  return text(template).replace(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
    if (literal === '!') return `\${${name}}`;
    if (isRecord(values) && Object.hasOwn(values, name)) return text(values[name]);
    const [logicalId = '', ...attribute] = name.split('.');
    return text(attribute.length === 0 ? scope.ref(logicalId) : scope.getAtt(logicalId, attribute.join('.')));
  });
}

function isRecord(value: Json): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : fail('a function whose argument is no list');
}

function text(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number'
    ? String(value)
    : fail('a function whose argument is no text');
}

function fail(what: string): never {
  throw new Error(`The local stack does not understand ${what}.`);
}
