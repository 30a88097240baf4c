import { createTelemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { compose } from './compose.ts';
import { Config } from './config.ts';
import { createRunSubjectRequests } from './run-subject-requests.ts';

const config = Config.parse(process.env);
const telemetry = createTelemetry('run-subject-requests', Date.now);

export const handler = createRunSubjectRequests({
  ...compose(config, telemetry),
  zone: config.OPERATOR_TIME_ZONE,
  telemetry,
  now: Date.now,
});
