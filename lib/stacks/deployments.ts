/** Stages and residencies as typed data: stacks read values from here and never ask which stage they are in. */
export const stages = ['dev', 'staging', 'prod'] as const;
export const residencies = ['EU', 'US'] as const;

export type Stage = (typeof stages)[number];
export type Residency = (typeof residencies)[number];

/** How long, and how firmly, the audit bucket keeps each object. */
export type ObjectLock = { readonly mode: 'COMPLIANCE' | 'GOVERNANCE'; readonly retentionDays: number };

/** What differs from stage to stage. */
export type StageValues = {
  readonly objectLock: ObjectLock;
  readonly logRetentionDays: 30 | 90 | 400;
  readonly listRetentionDays: number;
  readonly tracing: boolean;
  /** Whether the sample ids of cdk.json will do, or each of them is reported. */
  readonly samples: 'accepted' | 'reported';
  readonly apiRequestsPerSecond: number;
  readonly apiBurst: number;
  readonly scrubMemoryMb: number;
  readonly scrubConcurrency: number;
};

export type Deployment = StageValues & {
  readonly stage: Stage;
  readonly residency: Residency;
  readonly region: string;
};

// The duty is seven calendar years; two of them can be leap years, so 7 x 365 = 2,555 days would fall short.
const sevenCalendarYearsDays = 2557;

const regions: Readonly<Record<Residency, string>> = { EU: 'eu-central-1', US: 'us-east-1' };

const stageValues: Readonly<Record<Stage, StageValues>> = {
  dev: {
    objectLock: { mode: 'GOVERNANCE', retentionDays: 1 },
    logRetentionDays: 30,
    listRetentionDays: 7,
    tracing: false,
    samples: 'accepted',
    apiRequestsPerSecond: 50,
    apiBurst: 100,
    scrubMemoryMb: 1769,
    scrubConcurrency: 2,
  },
  staging: {
    objectLock: { mode: 'COMPLIANCE', retentionDays: sevenCalendarYearsDays },
    logRetentionDays: 90,
    listRetentionDays: 30,
    tracing: true,
    samples: 'reported',
    apiRequestsPerSecond: 500,
    apiBurst: 1000,
    scrubMemoryMb: 3538,
    scrubConcurrency: 2,
  },
  prod: {
    objectLock: { mode: 'COMPLIANCE', retentionDays: sevenCalendarYearsDays },
    logRetentionDays: 400,
    listRetentionDays: 30,
    tracing: true,
    samples: 'reported',
    apiRequestsPerSecond: 1000,
    apiBurst: 2000,
    scrubMemoryMb: 3538,
    scrubConcurrency: 5,
  },
};

/** All six deployments: every stage in every residency, each fixed to its region. */
export const deployments: readonly Deployment[] = stages.flatMap((stage) =>
  residencies.map((residency) => ({ stage, residency, region: regions[residency], ...stageValues[stage] })),
);

/** The prefix of every stack name of a deployment, e.g. `dialguard-prod-eu`. */
export function deploymentName(deployment: Pick<Deployment, 'stage' | 'residency'>): string {
  return `dialguard-${deployment.stage}-${deployment.residency}`.toLowerCase();
}

/** IAM path of the only role of a deployment that may sign the log's checkpoints. */
export function logWriterPath(deployment: Pick<Deployment, 'stage' | 'residency'>): string {
  return `${deploymentName(deployment)}/log-writer/`;
}

/**
 * The deployments chosen on the command line (`-c stage=dev -c residency=US`); what is not named is not narrowed.
 * Throws when a name matches nothing, since deploying nothing silently would look like success.
 */
export function chosenDeployments(stage: unknown, residency: unknown): readonly Deployment[] {
  const chosen = deployments.filter(
    (deployment) =>
      (stage === undefined || deployment.stage === stage) &&
      (residency === undefined || deployment.residency === residency),
  );
  if (chosen.length === 0) {
    throw new Error(
      `No deployment has stage ${String(stage)} and residency ${String(residency)}: ` +
        `expected a stage of ${stages.join(', ')} and a residency of ${residencies.join(', ')}.`,
    );
  }
  return chosen;
}
