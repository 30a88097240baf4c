import { createTelemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { compose } from './compose.ts';
import { Config } from './config.ts';
import { createHandleIncident } from './handle-incident.ts';

const config = Config.parse(process.env);

export const handler = createHandleIncident(compose(config, createTelemetry('handle-incident', Date.now)));
