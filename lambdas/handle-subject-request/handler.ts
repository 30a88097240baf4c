import { createTelemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { compose } from './compose.ts';
import { Config } from './config.ts';
import { createHandleSubjectRequest } from './handle-subject-request.ts';

const config = Config.parse(process.env);

export const handler = createHandleSubjectRequest(
  compose(config, createTelemetry('handle-subject-request', Date.now)),
);
