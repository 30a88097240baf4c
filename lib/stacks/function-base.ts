import type { DialguardFunctionProps, LambdaName } from '../constructs/dialguard-function.ts';
import type { IngestionProps } from './ingestion.ts';

/** What every Lambda of a deployment has in common. */
export function functionBase({
  bundle,
  deployment,
  storage,
}: Pick<IngestionProps, 'bundle' | 'deployment' | 'storage'>): Pick<
  DialguardFunctionProps<LambdaName>,
  'bundle' | 'key' | 'logRetentionDays' | 'tracing'
> {
  const { logRetentionDays, tracing } = deployment;
  return { bundle, key: storage.stateKey, logRetentionDays, tracing };
}
