import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { ComplianceError } from '../../domain/errors.ts';
import { ScrubJob, type ScrubJobs, type ScrubPins } from '../../domain/scrub/job.ts';
import { attributes } from './item.ts';

/** Lambda kills a run after 15 minutes; a minute later nothing of it can be under way. */
const LEASE_MS = 16 * 60_000;

const StoredJob = ScrubJob.extend({ leaseUntil: z.number() });

/** Scrub jobs in the cases table, one item each. A lease keeps a second delivery out while the first is at work. */
export class DynamoScrubJobs implements ScrubJobs {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #newRunId: () => string;

  constructor(client: DynamoDBClient, table: string, newRunId: () => string) {
    this.#client = client;
    this.#table = table;
    this.#newRunId = newRunId;
  }

  async claim(jobId: string, fresh: ScrubPins, now: number): Promise<ScrubJob> {
    const lease = { runId: this.#newRunId(), leaseUntil: now + LEASE_MS };
    const job: ScrubJob = { jobId, runId: lease.runId, attempt: 1, pins: fresh };
    if (await this.#create({ ...job, leaseUntil: lease.leaseUntil })) return job;
    const known = await this.#read(jobId);
    if (known.leaseUntil > now) throw running();
    await this.#update(known, {
      UpdateExpression: 'SET runId = :runId, leaseUntil = :leaseUntil',
      ExpressionAttributeValues: attributes({ ':runId': lease.runId, ':leaseUntil': lease.leaseUntil }),
    });
    const { leaseUntil: _replaced, ...rest } = known;
    return { ...rest, runId: lease.runId };
  }

  async supersede(job: ScrubJob, fresh: ScrubPins): Promise<ScrubJob> {
    const { jobId, runId } = job;
    const next: ScrubJob = { jobId, runId, attempt: job.attempt + 1, pins: fresh };
    await this.#update(job, {
      UpdateExpression: 'SET attempt = :attempt, pins = :pins REMOVE evidenceSha256',
      ExpressionAttributeValues: attributes({ ':attempt': next.attempt, ':pins': fresh }),
    });
    return next;
  }

  async pinEvidence(job: ScrubJob, sha256: string): Promise<'PINNED' | 'DIFFERENT'> {
    if (job.evidenceSha256 !== undefined) return job.evidenceSha256 === sha256 ? 'PINNED' : 'DIFFERENT';
    await this.#update(job, {
      UpdateExpression: 'SET evidenceSha256 = :sha256',
      ExpressionAttributeValues: attributes({ ':sha256': sha256 }),
    });
    return 'PINNED';
  }

  async release(job: ScrubJob): Promise<void> {
    await this.#update(job, {
      UpdateExpression: 'SET leaseUntil = :zero',
      ExpressionAttributeValues: attributes({ ':zero': 0 }),
    });
  }

  async #create(job: z.infer<typeof StoredJob>): Promise<boolean> {
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#table,
          Item: attributes({ ...keyOf(job.jobId), ...job }),
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  async #read(jobId: string): Promise<z.infer<typeof StoredJob>> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key: attributes(keyOf(jobId)), ConsistentRead: true }),
    );
    return StoredJob.parse(unmarshall(Item ?? {}));
  }

  /** Changes the job unless somebody else has taken it. */
  async #update(
    { jobId, runId }: Pick<ScrubJob, 'jobId' | 'runId'>,
    change: { UpdateExpression: string; ExpressionAttributeValues: ReturnType<typeof attributes> },
  ): Promise<void> {
    try {
      await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: attributes(keyOf(jobId)),
          UpdateExpression: change.UpdateExpression,
          ConditionExpression: 'runId = :holder',
          ExpressionAttributeValues: {
            ...change.ExpressionAttributeValues,
            ...attributes({ ':holder': runId }),
          },
        }),
      );
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) throw running(error);
      throw error;
    }
  }
}

function keyOf(jobId: string): { readonly pk: string; readonly sk: string } {
  return { pk: `scrub#${jobId}`, sk: 'job' };
}

function running(cause?: unknown): ComplianceError {
  return new ComplianceError({
    code: 'JOB_RUNNING',
    message: 'expected a job that nobody holds, but another run is at it; nothing was done',
    cause,
  });
}
