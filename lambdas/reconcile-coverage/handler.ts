import { createTelemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { compose } from './compose.ts';
import { Config } from './config.ts';
import { createReconcileCoverage } from './reconcile-coverage.ts';

const telemetry = createTelemetry('reconcile-coverage', Date.now);

export const handler = createReconcileCoverage(compose(Config.parse(process.env), telemetry));
