import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { acwEntry, outboundCall } from '../lib/local/sample/wrap-up-event.ts';
import { eventually, startStack } from '../test/system/running-stack.ts';

const EVENTS = Number(process.argv[2] ?? 1000);
const IN_A_CALL = 10;
const AREA_CODES = ['212', '305', '312', '415', '602', '713', '206', '404', '617', '503'];

// How many opt-outs a second pass the one message group that an EventBridge rule can name, through the whole local
// stack: a burst is sent as fast as the bus takes it, and timed until the queue is empty.
const running = await startStack('US');
try {
  const { endpoints } = running.stack;
  const { aws } = running.connection;
  const bus = new EventBridgeClient(aws);
  const sqs = new SQSClient(aws);
  const wrapupCode = endpoints.optOutWrapUpCodes?.[0] ?? '';
  const began = performance.now();
  for (let sent = 0; sent < EVENTS; sent += IN_A_CALL) {
    const Entries = Array.from({ length: IN_A_CALL }, (_, place) => {
      const call = outboundCall({ dnis: numberOf(sent + place), wrapupCode, eventTime: Date.now() });
      return acwEntry(endpoints.eventBusName, call);
    });
    await bus.send(new PutEventsCommand({ Entries }));
  }
  const sent = performance.now();
  await eventually(
    'the queue is empty',
    async () => ((await waiting(sqs, endpoints.queues.optOut)) === 0 ? true : undefined),
    600_000,
  );
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(
    `${EVENTS} opt-outs through one group: sent in ${((sent - began) / 1000).toFixed(1)} s, ` +
      `done in ${seconds.toFixed(1)} s, ${Math.round(EVENTS / seconds)} a second\n`,
  );
} finally {
  await running.stop();
}

function numberOf(place: number): string {
  const areaCode = AREA_CODES[place % AREA_CODES.length] ?? '';
  return `+1${areaCode}55501${String(Math.floor(place / AREA_CODES.length) % 100).padStart(2, '0')}`;
}

async function waiting(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: inFlight } =
    Attributes;
  return Number(visible) + Number(inFlight);
}
