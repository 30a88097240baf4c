import type { Assembly, Json, TemplateOutput, TemplateResource } from './assembly.ts';
import { type Identity, identify, type Origins } from './identity.ts';
import { type IntrinsicScope, NO_VALUE, resolveIntrinsics } from './intrinsics.ts';

/** A resource with a name and without intrinsic functions. */
export type Resource = {
  readonly type: string;
  readonly identity: Identity;
  readonly properties: Readonly<Record<string, Json>>;
  /** What Ref to this resource gives. */
  readonly ref: string;
};

export type ResolvedAssembly = {
  /** Every resource of a type, in template order. */
  ofType(type: string): readonly Resource[];
  readonly types: ReadonlySet<string>;
  /** The values of the stacks' outputs, by name. */
  readonly outputs: Readonly<Record<string, string>>;
};

/**
 * Resolves every intrinsic function of an assembly. Names are derived, not looked up, so the order of creation is free.
 *
 * @param known - references that only creation can tell, such as a secret's ARN: `<stack>/<logical id>` -> Ref.
 */
export function resolveAssembly(
  assembly: Assembly,
  origins: Origins,
  known: ReadonlyMap<string, string> = new Map(),
): ResolvedAssembly {
  const byId = new Map(assembly.resources.map((resource) => [idOf(resource), resource]));
  const identityOf = (resource: TemplateResource): Identity => {
    const literals = Object.fromEntries(
      Object.entries(resource.properties).map(([name, value]) => [
        name,
        nameLiteral(value, scopeOf(resource.stack)),
      ]),
    );
    const identity = identify(resource, literals, origins);
    return { ...identity, ref: known.get(idOf(resource)) ?? identity.ref };
  };
  const scopeOf = (stack: string): IntrinsicScope => {
    const lookUp = (logicalId: string): Identity => {
      const resource = byId.get(`${stack}/${logicalId}`);
      if (resource === undefined) throw new Error(`${stack} refers to ${logicalId}, which it does not have.`);
      return identityOf(resource);
    };
    return {
      ref: (logicalId) => pseudoParameter(logicalId, stack, origins) ?? lookUp(logicalId).ref,
      getAtt(logicalId, attribute) {
        const value = lookUp(logicalId).attributes[attribute];
        if (value === undefined)
          throw new Error(`The local stack gives ${stack}/${logicalId} no attribute ${attribute}.`);
        return value;
      },
      importValue(name) {
        const output = assembly.exports.get(name);
        if (output === undefined) throw new Error(`No stack exports ${name}.`);
        return outputValue(output);
      },
    };
  };
  const outputValue = (output: TemplateOutput): Json =>
    resolveIntrinsics(output.value, scopeOf(output.stack));
  const resolve = (resource: TemplateResource): Resource => {
    const properties = resolveIntrinsics(resource.properties, scopeOf(resource.stack));
    if (!isProperties(properties)) throw new Error(`${idOf(resource)} has no properties.`);
    const identity = identityOf(resource);
    return { type: resource.type, identity, properties, ref: identity.ref };
  };
  return {
    ofType: (type) => assembly.resources.filter((resource) => resource.type === type).map(resolve),
    types: new Set(assembly.resources.map(({ type }) => type)),
    outputs: Object.fromEntries(assembly.outputs.map((output) => [output.name, String(outputValue(output))])),
  };
}

/** The id under which a resource is known across stacks. */
export function idOf({ stack, logicalId }: TemplateResource): string {
  return `${stack}/${logicalId}`;
}

// Only texts and joins of pseudo parameters name a resource; resolving more here could go round in a circle.
function nameLiteral(value: Json, scope: IntrinsicScope): Json {
  if (typeof value !== 'object') return value;
  const text = JSON.stringify(value);
  return text.includes('"Fn::Join"') && !text.includes('Fn::GetAtt') && !/"Ref":"(?!AWS::)/.test(text)
    ? resolveIntrinsics(value, scope)
    : null;
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
function pseudoParameter(name: string, stack: string, { account }: Origins): Json | undefined {
  const values: Readonly<Record<string, Json>> = {
    'AWS::AccountId': account.accountId,
    'AWS::Region': account.region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stack,
    'AWS::NoValue': NO_VALUE,
  };
  return values[name];
}

function isProperties(value: Json): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
