#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { esbuildBundle, placeholderBundle } from '../lib/constructs/bundle.ts';
import { addDeployment } from '../lib/stacks/deployment-stacks.ts';
import { chosenDeployments } from '../lib/stacks/deployments.ts';
import { settingsFor } from '../lib/stacks/settings.ts';

// -c stage=dev -c residency=US narrows the deployments; -c code=none leaves the Lambdas' code out of the templates.
const app = new App();
const bundle =
  app.node.tryGetContext('code') === 'none'
    ? placeholderBundle
    : esbuildBundle(fileURLToPath(new URL('..', import.meta.url)));
const chosen = chosenDeployments(app.node.tryGetContext('stage'), app.node.tryGetContext('residency'));
for (const deployment of chosen) {
  const settings = settingsFor(app.node.tryGetContext('dialguard'), deployment);
  addDeployment(app, deployment, { settings, bundle });
}
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth();
