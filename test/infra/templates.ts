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
export const stackNames: readonly StackName[] = ['storage', 'ingestion', 'api', 'observability'];

export type Synthesized = {
  readonly deployment: Deployment;
  readonly name: string;
  readonly stacks: DeploymentStacks;
  readonly templates: Readonly<Record<StackName, Template>>;
  readonly json: Readonly<Record<StackName, z.infer<typeof Json>>>;
  /** Every resource of the four stacks. */
  readonly resources: ReadonlyArray<readonly [string, Resource]>;
};

/** One deployment's templates, with cdk.json's settings unless others are given; the code is left out. */
export function synthesize(deployment: Deployment, settings?: Settings): Synthesized {
  const app = new App({ context });
  const stacks = addDeployment(app, deployment, {
    settings: settings ?? settingsFor(context['dialguard'], deployment),
    bundle: placeholderBundle,
  });
  const templates = {
    storage: Template.fromStack(stacks.storage),
    ingestion: Template.fromStack(stacks.ingestion),
    api: Template.fromStack(stacks.api),
    observability: Template.fromStack(stacks.observability),
  };
  const json = {
    storage: Json.parse(templates.storage.toJSON()),
    ingestion: Json.parse(templates.ingestion.toJSON()),
    api: Json.parse(templates.api.toJSON()),
    observability: Json.parse(templates.observability.toJSON()),
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

/** All resources of a CloudFormation type in one deployment. */
export function ofType(synthesized: Synthesized, type: string): ReadonlyArray<readonly [string, Resource]> {
  return synthesized.resources.filter(([, resource]) => resource.Type === type);
}
