import { App, Stack, Validations } from 'aws-cdk-lib';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { placeholderBundle } from '../../lib/constructs/bundle.ts';
import { addDeployment } from '../../lib/stacks/deployment-stacks.ts';
import { type Deployment, deployments } from '../../lib/stacks/deployments.ts';
import { context, deploymentOf, settingsOf } from './templates.ts';

/** Each finding of the AwsSolutions pack that nobody has acknowledged, with where it is. */
function findings(scope: IConstruct): readonly string[] {
  return new AwsSolutionsChecks()
    .validateScope(scope)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    );
}

/** Each acknowledgement's reason, by rule and construct. */
function reasons(scope: IConstruct): ReadonlyArray<readonly [string, string]> {
  return scope.node.findAll().flatMap((construct) =>
    construct.node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(z.record(z.string(), z.string()).parse(data)))
      .map(([rule, reason]) => [`${rule} at ${construct.node.path}`, reason] as const),
  );
}

/** An app of these deployments, synthesized: imports between stacks exist only then, and findings name them. */
function appOf(chosen: readonly Deployment[], builtinCloudFormationValidation: boolean): App {
  const app = new App({
    context: { ...context, 'aws:cdk:disable-stack-trace': true },
    builtinCloudFormationValidation,
  });
  for (const deployment of chosen) {
    addDeployment(app, deployment, { settings: settingsOf(deployment), bundle: placeholderBundle });
  }
  app.synth();
  return app;
}

describe('cdk-nag, AwsSolutions', () => {
  const app = appOf(deployments, false);

  it('finds nothing in any deployment that is not acknowledged', () => {
    expect(findings(app)).toEqual([]);
  });

  it('every acknowledgement gives its reason in a sentence', () => {
    const given = reasons(app);
    expect(given.length).toBeGreaterThan(0);
    for (const [where, reason] of given) expect(reason, where).toMatch(/^[A-Z].{40,}\.$/);
  });

  it('finds a bucket without access logs, so that an empty list means something', () => {
    const careless = new App();
    new Bucket(new Stack(careless, 'Careless'), 'Bucket');
    expect(findings(careless)).toContain('AwsSolutions-S1 at Careless/Bucket/Resource');
  });
});

describe('CloudFormation’s own schemas', () => {
  it.each([
    ['dev', 'US'],
    ['prod', 'EU'],
  ])('accept every resource of %s %s', (stage, residency) => {
    expect(() => appOf([deploymentOf(stage, residency)], true)).not.toThrow();
  });

  it('refuse a property that does not exist, so that accepting means something', () => {
    const careless = new App({ context });
    const bucket = new CfnBucket(new Stack(careless, 'Careless'), 'Bucket');
    bucket.addPropertyOverride('Versioned', true);
    expect(() => careless.synth()).toThrow(/Versioned: Additional properties are not allowed/);
  });
});
