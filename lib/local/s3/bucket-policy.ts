import * as z from 'zod';
import { compileConditions, type RequestKeys } from './policy-conditions.ts';
import { wildcardPattern } from './wildcard.ts';

// Rules of evaluation: IAM User Guide, "Policy evaluation logic" and "IAM JSON policy elements reference".

export type PolicyRequest = {
  /** For example s3:PutObject. */
  readonly action: string;
  /** For example arn:aws:s3:::bucket/key. */
  readonly resource: string;
  readonly keys: RequestKeys;
};

/** Says which Deny statement refuses a request: its Sid or its place. Undefined where none does. */
export type BucketPolicy = { deniedBy(request: PolicyRequest): string | undefined };

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const listOf = z.union([text, z.array(text)]).transform((value) => [value].flat());
const Effect = z.looseObject({ Effect: z.enum(['Allow', 'Deny']) });
const PolicyDocument = z.looseObject({
  Statement: z.union([Effect, z.array(Effect)]).transform((statements) => [statements].flat()),
});

// Strict, so that an element which narrows or widens a Deny and is not evaluated here stops the boot.
const DenyStatement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.literal('Deny'),
  Principal: z.union([
    z.literal('*'),
    z.strictObject({ AWS: z.union([z.literal('*'), z.tuple([z.literal('*')])]) }),
  ]),
  Action: listOf.optional(),
  NotAction: listOf.optional(),
  Resource: listOf.optional(),
  NotResource: listOf.optional(),
  Condition: z.record(z.string(), z.record(z.string(), listOf)).optional(),
});
type DenyStatement = z.infer<typeof DenyStatement>;

/**
 * Compiles the Deny statements of a bucket policy. Allow statements are read over: the one principal of a local stack
 * owns every bucket, and "an explicit deny in any of these policies overrides the allow". Throws on anything in a Deny
 * that it cannot evaluate, rather than let pass what AWS would refuse.
 */
export function compileBucketPolicy(document: unknown): BucketPolicy {
  if (document === undefined) return { deniedBy: () => undefined };
  const statements = PolicyDocument.parse(document)
    .Statement.filter(({ Effect }) => Effect === 'Deny')
    .map(compileDeny);
  return { deniedBy: (request) => statements.find(({ matches }) => matches(request))?.name };
}

function compileDeny(
  raw: unknown,
  place: number,
): { name: string; matches: (request: PolicyRequest) => boolean } {
  const parsed = DenyStatement.safeParse(raw);
  if (!parsed.success) {
    throw new Error(
      `bucket policy: Deny statement ${place} cannot be evaluated: ${z.prettifyError(parsed.error)}`,
    );
  }
  const statement = parsed.data;
  const name = statement.Sid ?? `Deny statement ${place}`;
  const actionMatches = eitherList(statement, 'Action');
  const resourceMatches = eitherList(statement, 'Resource');
  const conditionsHold = compileConditions(name, statement.Condition ?? {});
  return {
    name,
    matches: ({ action, resource, keys }) =>
      actionMatches(action.toLowerCase()) && resourceMatches(resource) && conditionsHold(keys),
  };
}

function eitherList(statement: DenyStatement, element: 'Action' | 'Resource'): (value: string) => boolean {
  const included = statement[element];
  const excluded = statement[`Not${element}`];
  if ((included === undefined) === (excluded === undefined)) {
    throw new Error(`bucket policy: a Deny statement must have either ${element} or Not${element}`);
  }
  // "action names are not case sensitive"; ARNs are
  const patterns = (included ?? excluded ?? []).map((one) =>
    wildcardPattern(element === 'Action' ? one.toLowerCase() : one),
  );
  return (value) => patterns.some((pattern) => pattern.test(value)) === (included !== undefined);
}
