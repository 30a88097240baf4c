import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { policyConstants } from '../../bin/policy-file.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { HEAD_KEY } from '../../lib/adapters/dynamodb/log-head.ts';
import { createRecordFact } from '../../lib/adapters/record-fact.ts';
import { esbuildBundles } from '../../lib/constructs/bundle.ts';
import { parsePhoneNumber } from '../../lib/domain/contact-point/phone-number.ts';
import { DEFAULT_POLICY } from '../../lib/domain/policy/default-policy.ts';
import type { LocalAws } from '../../lib/local/local-aws.ts';
import { createTables, TABLES } from '../support/dynalite.ts';
import { hold, suppression } from '../support/facts.ts';
import { PEPPER } from '../support/numbers.ts';
import { account, clientsOf, credentials, startLocalAws, temporaryFolder } from './local-aws-fixture.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FREE = '+13175550161';
const REFUSED = '+13175550162';
const HELD = '+13175550163';

let aws: LocalAws;
let folder: ReturnType<typeof temporaryFolder>;
let topic: string;
let code: string;
let check: (event: Record<string, unknown>) => Promise<Record<string, string>>;

/** The file that is deployed. */
function bundleOf(name: string): string {
  const { path } = z
    .object({ path: z.string() })
    .parse(esbuildBundles(ROOT)(policyConstants(DEFAULT_POLICY))(name));
  return join(path, 'index.js');
}

beforeAll(async () => {
  folder = temporaryFolder();
  aws = await startLocalAws(folder.path);
  const { dynamodb } = clientsOf(aws.endpoint);
  await createTables(dynamodb);
  const loggedUntil = Date.now() + 3_600_000;
  await dynamodb.send(
    new PutItemCommand({
      TableName: TABLES.cases,
      Item: { ...HEAD_KEY, loggedUntil: { N: String(loggedUntil) } },
    }),
  );
  const recordFact = createRecordFact({
    contactPoints: new DynamoContactPoints(dynamodb, TABLES.contactPoints),
    pepper: async () => PEPPER,
    kek: async () => ({ version: 'k1', kek: 'x'.repeat(64) }),
    residency: 'US',
    now: Date.now,
    newId: () => crypto.randomUUID(),
  });
  for (const [number, fact] of [
    [REFUSED, suppression({ effectiveAt: Date.now() - 1000, receivedAt: Date.now() - 1000 })],
    [HELD, hold({ at: Date.now() - 1000 })],
  ] as const) {
    const phone = parsePhoneNumber(number);
    if (phone.kind === 'phone') await recordFact(phone, () => fact);
  }
  topic = aws.sns.createTopic('legal');
  const environment = {
    ...{ CONTACT_POINTS_TABLE: TABLES.contactPoints, REGISTRY_BLOCKS_TABLE: TABLES.registryBlocks },
    ...{ CASES_TABLE: TABLES.cases, LEGAL_ALERTS_TOPIC_ARN: topic, RESIDENCY: 'US', CHECK_BUDGET_MS: '5000' },
    PEPPER_SECRET_ARN: aws.secrets.createSecret({ Name: 'pepper', SecretString: JSON.stringify(PEPPER) }),
    ...{ AWS_REGION: account.region, AWS_ENDPOINT_URL: aws.endpoint },
    ...{ AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey },
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const path = bundleOf('check-consent');
  code = readFileSync(path, 'utf8');
  const output = z.promise(z.record(z.string(), z.string()));
  check = z
    .object({ handler: z.function({ input: [z.record(z.string(), z.unknown())], output }) })
    .parse(createRequire(import.meta.url)(path)).handler;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await aws.close();
  folder.remove();
});

const contact = { channel: 'VOICE', purpose: 'SERVICE', seller: 'acme', state: 'HI' };

describe('check-consent as it is deployed', () => {
  it('holds none of the AWS SDK clients', () => {
    expect(code).not.toMatch(/@aws-sdk\/client-|BatchGetItem\$|aws_json1_0Protocol/);
    expect(Buffer.byteLength(code)).toBeLessThan(500_000);
  });

  it('holds the policy ready to decide by, and no code that reads, checks or hashes policies', () => {
    expect(code).toContain(DEFAULT_POLICY.hash);
    expect(code).not.toContain('expected an IANA time zone');
  });

  it('reads, decides and records through connections of its own', async () => {
    const decided = [];
    for (const phoneNumber of [FREE, REFUSED, HELD]) decided.push(await check({ phoneNumber, ...contact }));
    expect(JSON.stringify(decided)).not.toContain('UNAVAILABLE');
    const [free, refused, held] = decided;
    expect(refused).toMatchObject({ decision: 'BLOCK' });
    expect(refused?.['reasons']).toContain('SUPPRESSED');
    expect(free?.['reasons']).not.toContain('SUPPRESSED');
    expect(held?.['reasons']).toContain('LITIGATION_HOLD');
    expect(aws.sns.published(topic)).toHaveLength(1);
  });

  it('goes on where another writer was faster', async () => {
    const racing = await Promise.all(
      Array.from({ length: 8 }, () => check({ phoneNumber: '+13175550164', ...contact })),
    );
    expect(racing.map(({ reasons }) => reasons)).toEqual(Array(8).fill(racing[0]?.['reasons']));
    expect(JSON.stringify(racing)).not.toContain('UNAVAILABLE');
  });
});
