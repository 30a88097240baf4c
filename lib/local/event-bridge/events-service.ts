import * as z from 'zod';
import { createJsonService, jsonAction } from '../aws-json.ts';
import { AwsError, type AwsService } from '../aws-service.ts';
import type { Clock } from '../clock.ts';
import type { EventEntry } from './event.ts';

export type EventsServiceOptions = {
  readonly clock: Clock;
  readonly hasBus: (name: string) => boolean;
  readonly publish: (busName: string, entry: EventEntry) => string;
};

const Entry = z.object({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  EventBusName: z.string().default('default'),
  Resources: z.array(z.string()).default([]),
  /** Epoch seconds, as the JSON protocol writes timestamps. */
  Time: z.number().optional(),
});
type Entry = z.output<typeof Entry>;

const PutEvents = z.object({ Entries: z.array(Entry).min(1).max(10) });

type Result = { EventId: string } | { ErrorCode: string; ErrorMessage: string };

// "The total entry size must be less than 256KB"; "the Time parameter is 14 bytes"
// (Amazon EventBridge User Guide, Calculating PutEvents event entry size)
const MAX_BYTES = 256 * 1024;
const TIME_BYTES = 14;

/** PutEvents: each entry is accepted or refused by itself, and the count of refusals is told. */
export function createEventsService(options: EventsServiceOptions): AwsService {
  return createJsonService({
    target: 'AWSEvents',
    version: '1.1',
    actions: {
      PutEvents: jsonAction({
        input: PutEvents,
        run: ({ Entries }) => {
          const bytes = Entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
          if (bytes >= MAX_BYTES) {
            throw new AwsError(
              'ValidationException',
              'Total size of the entries in the request is over the limit.',
            );
          }
          const results = Entries.map((entry) => putEntry(options, entry));
          return {
            FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length,
            Entries: results,
          };
        },
      }),
    },
  });
}

function putEntry(options: EventsServiceOptions, entry: Entry): Result {
  const { Source, DetailType, Detail, Time } = entry;
  const busName = entry.EventBusName.split(':event-bus/').at(-1) ?? entry.EventBusName;
  if (!Source) return required('Source');
  if (!DetailType) return required('DetailType');
  if (!Detail) return required('Detail');
  // On AWS only the partner itself may put events whose source begins with aws.partner/; on one machine nobody else
  // could play the partner. Sources of AWS's own services stay refused.
  if (Source.startsWith('aws.') && !Source.startsWith('aws.partner/')) {
    return refused('NotAuthorizedForSourceException', 'Not authorized for the source.');
  }
  if (!isJsonObject(Detail)) return refused('MalformedDetail', 'Detail is malformed.');
  if (!options.hasBus(busName)) return refused('ResourceNotFoundException', 'Event bus does not exist.');
  const time = Time === undefined ? options.clock.now() : Time * 1000;
  const EventId = options.publish(busName, {
    source: Source,
    detailType: DetailType,
    detail: Detail,
    resources: entry.Resources,
    time,
  });
  return { EventId };
}

function required(name: string): Result {
  return refused(
    'InvalidArgument',
    `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
  );
}

function refused(ErrorCode: string, ErrorMessage: string): Result {
  return { ErrorCode, ErrorMessage };
}

function entryBytes(entry: Entry): number {
  const texts = [entry.Source ?? '', entry.DetailType ?? '', entry.Detail ?? '', ...entry.Resources];
  const time = entry.Time === undefined ? 0 : TIME_BYTES;
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), time);
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
