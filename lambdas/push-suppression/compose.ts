import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { v7 as uuid } from 'uuid';
import { diallerListsOf } from '../../lib/adapters/dialler-lists.ts';
import { DynamoClearContactPoints } from '../../lib/adapters/dynamodb/clear-contact-points.ts';
import { kekFrom } from '../../lib/adapters/secrets-manager/secrets.ts';
import { createTellDialler, type TellDialler } from '../../lib/domain/dialler/tell-dialler.ts';
import { ComplianceError } from '../../lib/domain/errors.ts';
import { ACTIVE_POLICY } from '../../lib/domain/policy/active-policy.ts';
import type { Config } from './config.ts';

/** A longer pause is left to the queue, where it costs nothing and holds up no Lambda. */
const LONGEST_WAIT_MS = 5000;

/** Everything by which the dialler of this function is told. */
export function composeTellDialler(config: Config, dynamodb: DynamoDBClient): TellDialler {
  const secrets = new SecretsManagerClient();
  const kek = kekFrom(secrets, config.KEK_SECRET_ARN);
  return createTellDialler({
    contactPoints: new DynamoClearContactPoints(dynamodb, config.CONTACT_POINTS_TABLE, kek),
    dialler: diallerListsOf(config.DIALLER, {
      name: config.DIALLER_NAME,
      secretArn: config.DIALLER_SECRET_ARN,
      genesys: config,
      secrets,
      s3: new S3Client(),
      bucket: config.PRIVACY_BUCKET,
      now: Date.now,
      wait,
      random: Math.random,
      newId: uuid,
    }),
    lists: config.DIALLER.lists,
    policy: ACTIVE_POLICY,
    now: Date.now,
  });
}

async function wait(ms: number): Promise<void> {
  if (ms <= LONGEST_WAIT_MS) return await sleep(ms);
  throw new ComplianceError({
    code: 'DIALLER_BUSY',
    message: `expected to go on within ${LONGEST_WAIT_MS} ms, but the dialler asks for ${ms}; it is told later`,
  });
}
