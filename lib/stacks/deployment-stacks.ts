import { type App, type Environment, Validations } from 'aws-cdk-lib';
import type { Bundle } from '../constructs/bundle.ts';
import { ApiStack } from './api.ts';
import { type Deployment, deploymentName } from './deployments.ts';
import { IngestionStack } from './ingestion.ts';
import { ObservabilityStack } from './observability.ts';
import { QueriesStack } from './queries.ts';
import { type Settings, sampleWarnings } from './settings.ts';
import { StorageStack } from './storage.ts';

export type DeploymentStacks = {
  readonly storage: StorageStack;
  readonly ingestion: IngestionStack;
  readonly api: ApiStack;
  readonly observability: ObservabilityStack;
  readonly queries: QueriesStack;
};

/** Adds the five stacks of one deployment to the app, in the order in which they depend on each other. */
export function addDeployment(
  app: App,
  deployment: Deployment,
  options: { readonly settings: Settings; readonly bundle: Bundle },
): DeploymentStacks {
  const { settings } = options;
  const env: Environment = {
    region: deployment.region,
    ...(settings.account !== undefined && { account: settings.account }),
  };
  const name = deploymentName(deployment);
  const common = {
    env,
    terminationProtection: true,
    tags: { application: 'dialguard', stage: deployment.stage, residency: deployment.residency },
  };
  const props = { ...common, ...options, deployment };
  const storage = new StorageStack(app, `${name}-storage`, props);
  const ingestion = new IngestionStack(app, `${name}-ingestion`, { ...props, storage });
  const api = new ApiStack(app, `${name}-api`, { ...props, storage });
  const observability = new ObservabilityStack(app, `${name}-observability`, {
    ...props,
    storage,
    ingestion,
    api,
  });
  const queries = new QueriesStack(app, `${name}-queries`, { ...props, storage });
  const warnings = { accepted: [], reported: sampleWarnings(settings) }[deployment.samples];
  warnings.forEach((warning, index) => {
    Validations.of(ingestion).addWarning(`dialguard:sample-${index}`, `${name}: ${warning}`);
  });
  return { storage, ingestion, api, observability, queries };
}
