import { createTelemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { compose } from './compose.ts';
import { Config } from './config.ts';
import { createProcessMulticloudFile } from './process-multicloud-file.ts';

const config = Config.parse(process.env);
const telemetry = createTelemetry('process-multicloud-file', Date.now);

export const handler = createProcessMulticloudFile({ ...compose(config), telemetry });
