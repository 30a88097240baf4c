import { wildcardPattern } from './wildcard.ts';

/** Condition keys of one request, in lower case, as keys are not case sensitive. An absent key has no entry. */
export type RequestKeys = { readonly [key: string]: string | undefined };

type Comparison = (actual: string, expected: string) => boolean;

// IAM User Guide, "IAM JSON policy elements: Condition operators". The negated ones hold where no value matches, and
// where the key is absent: "If the key that you specify in a policy condition is not present in the request context,
// the values do not match", and "StringNotEquals ... returns true" then.
const COMPARISONS: Readonly<Record<string, { compare: Comparison; negated?: true }>> = {
  StringEquals: { compare: equal },
  StringNotEquals: { compare: equal, negated: true },
  StringLike: { compare: like },
  StringNotLike: { compare: like, negated: true },
  NumericEquals: { compare: numeric((actual, expected) => actual === expected) },
  NumericNotEquals: { compare: numeric((actual, expected) => actual === expected), negated: true },
  NumericLessThan: { compare: numeric((actual, expected) => actual < expected) },
  NumericLessThanEquals: { compare: numeric((actual, expected) => actual <= expected) },
  NumericGreaterThan: { compare: numeric((actual, expected) => actual > expected) },
  NumericGreaterThanEquals: { compare: numeric((actual, expected) => actual >= expected) },
  ArnEquals: { compare: likeArn },
  ArnLike: { compare: likeArn },
  ArnNotEquals: { compare: likeArn, negated: true },
  ArnNotLike: { compare: likeArn, negated: true },
  Bool: { compare: (actual, expected) => actual === expected.toLowerCase() },
};

const IF_EXISTS = 'IfExists';
// Of keys with several values; here no request has more than one. "ForAllValues ... returns true if there are no context
// keys in the request", "ForAnyValue ... returns false" (IAM User Guide, "Set operators for multivalued context keys").
const SET_OPERATOR = /^(ForAllValues|ForAnyValue):(.+)$/;

// Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3", and the global keys: those
// whose value this S3 knows for every request.
const KNOWN_KEYS = new Set([
  // Absent: here no service of AWS calls S3 on somebody's behalf.
  'aws:calledvia',
  'aws:principalarn',
  'aws:principalisawsservice',
  'aws:securetransport',
  's3:if-match',
  's3:if-none-match',
  's3:object-lock-legal-hold',
  's3:object-lock-mode',
  's3:object-lock-remaining-retention-days',
  's3:object-lock-retain-until-date',
  's3:objectcreationoperation',
  's3:tlsversion',
  's3:versionid',
]);

type Conditions = { readonly [operator: string]: { readonly [key: string]: readonly string[] } };

/** Compiles a Condition block: all of its tests must hold. Throws where it names an operator or key not known here. */
export function compileConditions(statement: string, conditions: Conditions): (keys: RequestKeys) => boolean {
  const tests = Object.entries(conditions).flatMap(([operator, block]) =>
    Object.entries(block).map(([key, values]) => {
      if (!KNOWN_KEYS.has(key.toLowerCase())) {
        throw new Error(
          `bucket policy: ${statement} has the condition key ${key}, which the local S3 cannot evaluate`,
        );
      }
      const holds = compileTest(statement, operator, values);
      return (keys: RequestKeys) => holds(keys[key.toLowerCase()]);
    }),
  );
  return (keys) => tests.every((holds) => holds(keys));
}

function compileTest(
  statement: string,
  operator: string,
  expected: readonly string[],
): (actual: string | undefined) => boolean {
  // "Null ... checks if a condition key is absent at the time of authorization": true means absent
  if (operator === 'Null')
    return (actual) => expected.some((one) => (actual === undefined) === (one === 'true'));
  const [, set, single = operator] = SET_OPERATOR.exec(operator) ?? [];
  const optional = single.endsWith(IF_EXISTS);
  const comparison = COMPARISONS[optional ? single.slice(0, -IF_EXISTS.length) : single];
  if (comparison === undefined) {
    throw new Error(
      `bucket policy: ${statement} has the operator ${operator}, which the local S3 cannot evaluate`,
    );
  }
  const { compare, negated = false } = comparison;
  // "...IfExists: if the condition key is not present, evaluate the condition element as true"
  const whenAbsent = set === undefined ? optional || negated : set === 'ForAllValues';
  return (actual) =>
    actual === undefined ? whenAbsent : expected.some((one) => compare(actual, one)) !== negated;
}

function equal(actual: string, expected: string): boolean {
  return actual === expected;
}

function like(actual: string, expected: string): boolean {
  return wildcardPattern(expected).test(actual);
}

// "Each of the six colon-delimited components of the ARN is checked separately and each can include multi-character
// match wildcards (*) or single-character match wildcards (?)", in ArnEquals and ArnLike alike
function likeArn(actual: string, expected: string): boolean {
  const [actualParts, expectedParts] = [actual, expected].map(arnComponents);
  return (
    expectedParts?.every((part, place) => wildcardPattern(part).test(actualParts?.[place] ?? '')) ?? false
  );
}

function arnComponents(arn: string): readonly string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

function numeric(test: (actual: number, expected: number) => boolean): Comparison {
  return (actual, expected) => test(Number(actual), Number(expected));
}
