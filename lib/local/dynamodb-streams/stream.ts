import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { arnOf } from '../arn.ts';
import type { AwsAccount } from '../aws-service.ts';
import type { Clock } from '../clock.ts';
import { JsonSchema } from '../event-bridge/pattern-json.ts';

/** An item, or its key, as the JSON protocol writes it: attribute name -> typed value. */
export const Image = z.record(z.string(), JsonSchema);
export type Image = Readonly<z.output<typeof Image>>;

/** What a write did to an item; undefined where there is none. */
export type Change = {
  readonly keys: Image;
  readonly before: Image | undefined;
  readonly after: Image | undefined;
};

/** A record as AWS Lambda hands it to a function (AWS Lambda Developer Guide, "Using AWS Lambda with Amazon DynamoDB"). */
export type StreamRecord = {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventVersion: '1.1';
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  readonly eventSourceARN: string;
  readonly dynamodb: {
    /** Epoch seconds. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Image;
    readonly NewImage?: Image;
    readonly SequenceNumber: string;
    /** Of the keys and the image as JSON; AWS counts its own encoding. */
    readonly SizeBytes: number;
    readonly StreamViewType: 'NEW_IMAGE';
  };
};

export type TableStream = {
  readonly arn: string;
  readonly tableName: string;
  /** The attributes that make an item's key. */
  readonly keyNames: readonly string[];
  append(change: Change): void;
  /** Hands over every record from now on, in order; the returned function ends it. */
  subscribe(take: (record: StreamRecord) => void): () => void;
};

export type TableStreamOptions = {
  readonly account: AwsAccount;
  readonly clock: Clock;
  readonly tableName: string;
  readonly keyNames: readonly string[];
};

/** On AWS the label is the time at which the stream was enabled; here it must be the same on every boot. */
export function streamArn(account: AwsAccount, tableName: string): string {
  return arnOf(account, 'dynamodb', `table/${tableName}/stream/local`);
}

/** The changes of one table, for those who listen: nothing is kept, so who comes later reads from LATEST. */
export function createTableStream({ account, clock, tableName, keyNames }: TableStreamOptions): TableStream {
  const arn = streamArn(account, tableName);
  const subscribers = new Set<(record: StreamRecord) => void>();
  const origin = String(clock.now());
  let count = 0;
  return {
    arn,
    tableName,
    keyNames,
    append(change) {
      count += 1;
      const { region: awsRegion } = account;
      const record = {
        eventID: randomUUID().replaceAll('-', ''),
        eventName: eventName(change),
        eventVersion: '1.1' as const,
        eventSource: 'aws:dynamodb' as const,
        awsRegion,
        eventSourceARN: arn,
        dynamodb: {
          ApproximateCreationDateTime: Math.floor(clock.now() / 1000),
          Keys: change.keys,
          ...(change.after && { NewImage: change.after }),
          // Of one length and growing, across restarts too, so that texts compare as numbers do.
          SequenceNumber: `${origin}${String(count).padStart(12, '0')}`,
          SizeBytes: Buffer.byteLength(JSON.stringify([change.keys, change.after])),
          StreamViewType: 'NEW_IMAGE' as const,
        },
      };
      for (const take of subscribers) take(record);
    },
    subscribe(take) {
      subscribers.add(take);
      return () => void subscribers.delete(take);
    },
  };
}

function eventName({ before, after }: Change): StreamRecord['eventName'] {
  if (after === undefined) return 'REMOVE';
  return before === undefined ? 'INSERT' : 'MODIFY';
}
