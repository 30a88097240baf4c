import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { placeholderBundle } from '../../lib/constructs/bundle.ts';
import { addDeployment, type DeploymentStacks } from '../../lib/stacks/deployment-stacks.ts';
import { type Deployment, deployments } from '../../lib/stacks/deployments.ts';
import { type Settings, settingsFor } from '../../lib/stacks/settings.ts';

/** cdk.json's context: the feature flags change what is synthesized, so the tests use the same. */
export const context = z
  .object({ context: z.record(z.string(), z.unknown()) })
  .parse(JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'))).context;

const Resource = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
  Metadata: z.record(z.string(), z.unknown()).default({}),
});
export type Resource = z.infer<typeof Resource>;

const Json = z.object({
  Resources: z.record(z.string(), Resource),
  Outputs: z
    .record(z.string(), z.object({ Value: z.unknown(), Export: z.object({ Name: z.string() }).optional() }))
    .default({}),
});

export type StackName = keyof DeploymentStacks;
export const stackNames: readonly StackName[] = ['storage', 'ingestion', 'api', 'observability', 'queries'];

export type Synthesized = {
  readonly deployment: Deployment;
  readonly name: string;
  readonly stacks: DeploymentStacks;
  readonly templates: Readonly<Record<StackName, Template>>;
  readonly json: Readonly<Record<StackName, z.infer<typeof Json>>>;
  /** Every resource of the five stacks. */
  readonly resources: ReadonlyArray<readonly [string, Resource]>;
};

/** cdk.json's settings, with a wrap-up code that is not a sample. */
export function settingsOf(deployment: Deployment): Settings {
  const optOutWrapUpCodes = ['7d1f2a90-5c3e-4b8a-9e61-0a4c2f7b8d13'];
  return { ...settingsFor(context['dialguard'], deployment), optOutWrapUpCodes };
}

// nag.test.ts checks the templates against CloudFormation's schemas once; the rest is for people who read errors.
const quick = { builtinCloudFormationValidation: false, treeMetadata: false, analyticsReporting: false };

/** One deployment's templates, with cdk.json's settings unless others are given; the code is left out. */
export function synthesize(deployment: Deployment, settings = settingsOf(deployment)): Synthesized {
  const app = new App({ context: { ...context, 'aws:cdk:disable-stack-trace': true }, ...quick });
  const stacks = addDeployment(app, deployment, { settings, bundle: placeholderBundle });
  const templates = {
    storage: Template.fromStack(stacks.storage),
    ingestion: Template.fromStack(stacks.ingestion),
    api: Template.fromStack(stacks.api),
    observability: Template.fromStack(stacks.observability),
    queries: Template.fromStack(stacks.queries),
  };
  const json = {
    storage: Json.parse(templates.storage.toJSON()),
    ingestion: Json.parse(templates.ingestion.toJSON()),
    api: Json.parse(templates.api.toJSON()),
    observability: Json.parse(templates.observability.toJSON()),
    queries: Json.parse(templates.queries.toJSON()),
  };
  const resources = stackNames.flatMap((name) => Object.entries(json[name].Resources));
  const name = `${deployment.stage}-${deployment.residency}`;
  return { deployment, name, stacks, templates, json, resources };
}

/** The deployment of a stage and residency. */
export function deploymentOf(stage: string, residency: string): Deployment {
  const found = deployments.find((one) => one.stage === stage && one.residency === residency);
  if (found === undefined) throw new Error(`No deployment ${stage} ${residency}.`);
  return found;
}

const Lambda = z.object({
  Timeout: z.number(),
  Runtime: z.string(),
  Architectures: z.array(z.string()),
  Handler: z.string(),
  ReservedConcurrentExecutions: z.number().optional(),
  LoggingConfig: z.object({ LogGroup: z.object({ Ref: z.string() }) }),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
});
export type Lambda = z.infer<typeof Lambda> & { readonly id: string };

/** The deployment's Lambdas by the name of their folder. */
export function lambdas(synthesized: Synthesized): ReadonlyMap<string, Lambda> {
  return new Map(
    ofType(synthesized, 'AWS::Lambda::Function').map(([id, { Properties, Metadata }]) => [
      z.string().parse(Metadata['dialguard:lambda']),
      { ...Lambda.parse(Properties), id },
    ]),
  );
}

/** All resources of a CloudFormation type in one deployment. */
export function ofType(synthesized: Synthesized, type: string): ReadonlyArray<readonly [string, Resource]> {
  return synthesized.resources.filter(([, resource]) => resource.Type === type);
}
