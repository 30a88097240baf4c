#!/usr/bin/env node
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { esbuildBundles, placeholderBundle } from '../lib/constructs/bundle.ts';
import { DEFAULT_POLICY } from '../lib/domain/policy/default-policy.ts';
import { addDeployment } from '../lib/stacks/deployment-stacks.ts';
import { chosenDeployments } from '../lib/stacks/deployments.ts';
import { settingsFor } from '../lib/stacks/settings.ts';
import { ownPolicy, policyConstants, ROOT } from './policy-file.ts';

// -c stage=dev -c residency=US narrows the deployments; -c code=none leaves the Lambdas' code out of the templates;
// -c diallers=<JSON> stands in place of every deployment's diallers, to try them on one machine.
const app = new App();
const bundles = app.node.tryGetContext('code') === 'none' ? () => placeholderBundle : esbuildBundles(ROOT);
const diallers = app.node.tryGetContext('diallers');
const tried = diallers === undefined ? {} : { diallers: JSON.parse(diallers) };
const chosen = chosenDeployments(app.node.tryGetContext('stage'), app.node.tryGetContext('residency'));
for (const deployment of chosen) {
  const settings = settingsFor(app.node.tryGetContext('dialguard'), deployment, tried);
  const constants = policyConstants(ownPolicy(settings) ?? DEFAULT_POLICY);
  addDeployment(app, deployment, { settings, bundle: bundles(constants) });
}
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth();
