import * as z from 'zod';
import type { Synthesized } from './templates.ts';

const list = z.union([z.array(z.unknown()), z.unknown().transform((one) => [one])]);
const strings = list.pipe(z.array(z.string()));

const Statement = z.object({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z.unknown().optional(),
  Action: strings,
  Resource: list.optional(),
  NotResource: list.optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});
export type Statement = z.infer<typeof Statement>;

const Document = z.object({ Statement: z.array(Statement) });

/** The statements of a policy document. */
export function statements(document: unknown): readonly Statement[] {
  return Document.parse(document).Statement;
}

const Intrinsic = z.union([
  z.strictObject({ Ref: z.string() }),
  z.strictObject({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }),
  z.strictObject({ 'Fn::ImportValue': z.string() }),
  z.strictObject({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) }),
  z.string(),
]);

/** Names what a template value refers to: `ContactPointsTable`, `AuditLockedBucket/entries/*`, without CDK's hashes. */
export function referent(value: unknown, synthesized: Synthesized): string {
  const intrinsic = Intrinsic.parse(value);
  if (typeof intrinsic === 'string') return intrinsic;
  if ('Ref' in intrinsic) return withoutHash(intrinsic.Ref);
  if ('Fn::GetAtt' in intrinsic) return withoutHash(intrinsic['Fn::GetAtt'][0]);
  if ('Fn::Join' in intrinsic) {
    return intrinsic['Fn::Join'][1].map((part) => referent(part, synthesized)).join('');
  }
  const exported = Object.values(synthesized.json)
    .flatMap((stack) => Object.values(stack.Outputs))
    .find((output) => output.Export?.Name === intrinsic['Fn::ImportValue']);
  if (exported === undefined) throw new Error(`Nothing exports ${intrinsic['Fn::ImportValue']}.`);
  return referent(exported.Value, synthesized);
}

const withoutHash = (logicalId: string): string => logicalId.replace(/[0-9A-F]{8}$/, '');

const Policy = z.object({ PolicyDocument: z.unknown(), Roles: z.array(z.object({ Ref: z.string() })) });

/** What each role may do: role -> resource -> actions, over every policy of the deployment. */
export function permissions(synthesized: Synthesized): Record<string, Record<string, readonly string[]>> {
  const byRole: Record<string, Record<string, readonly string[]>> = {};
  for (const [, resource] of synthesized.resources.filter(([, { Type }]) => Type === 'AWS::IAM::Policy')) {
    const policy = Policy.parse(resource.Properties);
    const granted: Record<string, readonly string[]> = {};
    for (const statement of statements(policy.PolicyDocument)) {
      for (const target of statement.Resource ?? []) {
        const name = referent(target, synthesized);
        granted[name] = [...(granted[name] ?? []), ...statement.Action].sort();
      }
    }
    for (const role of policy.Roles) byRole[withoutHash(role.Ref)] = granted;
  }
  return byRole;
}
