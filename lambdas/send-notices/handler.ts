import { createTelemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { compose } from './compose.ts';
import { Config } from './config.ts';
import { createSendNotices } from './send-notices.ts';

const telemetry = createTelemetry('send-notices', Date.now);

export const handler = createSendNotices(compose(Config.parse(process.env), telemetry));
