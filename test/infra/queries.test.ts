import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { SAVED_QUERIES } from '../../lib/domain/audit-queries/saved-queries.ts';
import { columnsOf } from '../../lib/domain/audit-queries/view.ts';
import { VIEWS } from '../../lib/domain/audit-queries/views.ts';
import { logObjectKey } from '../../lib/domain/log/object-key.ts';
import { deployments } from '../../lib/stacks/deployments.ts';
import { referent, statements } from './policies.ts';
import { deploymentOf, ofType, synthesize } from './templates.ts';

const dev = synthesize(deploymentOf('dev', 'US'));
const all = deployments.map((deployment) => synthesize(deployment));

const Columns = z.array(z.object({ Name: z.string(), Type: z.string() }));
const TableInput = z.object({
  Name: z.string(),
  TableType: z.string(),
  Parameters: z.record(z.string(), z.unknown()),
  PartitionKeys: Columns,
  StorageDescriptor: z.looseObject({ Columns, Location: z.unknown().optional() }),
  ViewOriginalText: z.string().optional(),
  ViewExpandedText: z.string().optional(),
});
const tables = new Map(
  ofType(dev, 'AWS::Glue::Table').map(([, { Properties }]) => {
    expect(Properties['DatabaseName']).toBe('dialguard_dev_us');
    const table = TableInput.parse(Properties['TableInput']);
    return [table.Name, table];
  }),
);
const tableOf = (name: string): z.infer<typeof TableInput> => TableInput.parse(tables.get(name));

describe('the table of lines', () => {
  const { Parameters, PartitionKeys, StorageDescriptor, TableType } = tableOf('log_lines');

  it('lies where the writer puts its objects, whose days and hours are reckoned, never listed', () => {
    const template = referent(Parameters['storage.location.template'], dev);
    expect(template).toMatch(/^s3:\/\/AuditLockedBucket\/entries\/dt=\$\{dt\}\/hh=\$\{hh\}\/$/);
    const [, key] = template.split('AuditLockedBucket/');
    const at = Date.UTC(2026, 10, 20, 5);
    const place = key?.replace(/\$\{dt\}/, '2026-11-20').replace(/\$\{hh\}/, '05');
    expect(logObjectKey(7, at)).toBe(`${place}000000000007.ndjson.gz`);
    expect(referent(StorageDescriptor.Location, dev)).toBe('s3://AuditLockedBucket/entries/');
    expect(TableType).toBe('EXTERNAL_TABLE');
    expect(Parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.dt.type': 'date',
      'projection.dt.format': 'yyyy-MM-dd',
      'projection.dt.range': '2026-01-01,NOW+1DAYS',
      'projection.hh.type': 'enum',
    });
    const hours = Array.from({ length: 24 }, (_, hour) =>
      new Date(hour * 3_600_000).toISOString().slice(11, 13),
    );
    expect(Parameters['projection.hh.values']).toBe(hours.join(','));
    expect(PartitionKeys.map(({ Name, Type }) => `${Name} ${Type}`)).toEqual(['dt string', 'hh string']);
  });

  it('takes each line whole', () => {
    expect(StorageDescriptor).toMatchObject({
      Columns: [{ Name: 'line', Type: 'string' }],
      InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
      SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe' },
    });
    expect(StorageDescriptor['SerdeInfo']).not.toHaveProperty(['Parameters', 'field.delim']);
  });
});

describe('the views', () => {
  it('are those of the local queries, and no others', () => {
    expect([...tables.keys()].sort()).toEqual(['log_lines', ...VIEWS.map(({ name }) => name)].sort());
  });

  it.each(VIEWS)('$name is what Athena makes of CREATE VIEW', (view) => {
    const { TableType, Parameters, StorageDescriptor, ViewOriginalText, ViewExpandedText } = tableOf(
      view.name,
    );
    expect({ TableType, Parameters, ViewExpandedText }).toEqual({
      TableType: 'VIRTUAL_VIEW',
      Parameters: { presto_view: 'true', comment: 'Presto View' },
      ViewExpandedText: '/* Presto View */',
    });
    const [, encoded = ''] = /^\/\* Presto View: ([A-Za-z0-9+/=]+) \*\/$/.exec(ViewOriginalText ?? '') ?? [];
    const definition = JSON.parse(Buffer.from(encoded, 'base64').toString());
    const trino = { varchar: 'varchar', bigint: 'bigint', boolean: 'boolean', timestamp: 'timestamp(3)' };
    const hive = { ...trino, varchar: 'string', timestamp: 'timestamp' };
    expect(definition).toEqual({
      originalSql: expect.stringMatching(/^SELECT l\.dt,\n.*\nFROM log_lines AS l\n?/s),
      catalog: 'awsdatacatalog',
      schema: 'dialguard_dev_us',
      columns: columnsOf(view).map(({ name, type }) => ({ name, type: trino[type] })),
    });
    expect(StorageDescriptor.Columns).toEqual(
      columnsOf(view).map(({ name, type }) => ({ Name: name, Type: hive[type] })),
    );
    // Names inside the text cannot be filled in at deployment.
    expect(JSON.stringify(definition)).not.toMatch(/\$\{Token|AWS::/);
  });
});

describe('the saved queries', () => {
  const NamedQuery = z.object({
    Name: z.string(),
    Description: z.string(),
    QueryString: z.string(),
    Database: z.string(),
    WorkGroup: z.string(),
  });
  const named = ofType(dev, 'AWS::Athena::NamedQuery').map(([, { Properties }]) =>
    NamedQuery.parse(Properties),
  );

  it('are those of the command, word for word', () => {
    expect(named.map(({ Name, QueryString }) => ({ name: Name, sql: QueryString }))).toEqual(
      SAVED_QUERIES.map(({ name, sql }) => ({ name, sql })),
    );
  });

  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-athena-namedquery.html
  it.each(named)('$Name fits Athena, and says what each ? stands for', (query) => {
    expect(query).toMatchObject({ Database: 'dialguard_dev_us', WorkGroup: 'dialguard-dev-us' });
    expect(query.Name.length).toBeLessThanOrEqual(128);
    expect(query.Description.length).toBeLessThanOrEqual(1024);
    expect(query.Description).toMatch(/Parameters, in this order: 1\. first day/);
  });
});

describe.each(all)('the work group of $name', (synthesized) => {
  it('ends what would read too much, and lets no client send results elsewhere or in clear', () => {
    synthesized.templates.queries.hasResourceProperties('AWS::Athena::WorkGroup', {
      Name: `dialguard-${synthesized.name.toLowerCase()}`,
      State: 'ENABLED',
      WorkGroupConfiguration: {
        EnforceWorkGroupConfiguration: true,
        BytesScannedCutoffPerQuery: 100 * 2 ** 30,
        EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
        RequesterPaysEnabled: false,
        ResultConfiguration: {
          EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: Match.anyValue() },
          ExpectedBucketOwner: { Ref: 'AWS::AccountId' },
          OutputLocation: Match.anyValue(),
        },
      },
    });
    const [[, group] = []] = ofType(synthesized, 'AWS::Athena::WorkGroup');
    const Configuration = z.looseObject({
      ResultConfiguration: z.object({
        OutputLocation: z.unknown(),
        EncryptionConfiguration: z.object({ KmsKey: z.unknown() }),
      }),
    });
    const { ResultConfiguration } = Configuration.parse(group?.Properties['WorkGroupConfiguration']);
    expect(referent(ResultConfiguration.OutputLocation, synthesized)).toBe('s3://QueryResultsBucket/');
    expect(referent(ResultConfiguration.EncryptionConfiguration.KmsKey, synthesized)).toBe('AuditKey');
  });

  it('results are gone after a week, and only Athena writes them', () => {
    synthesized.templates.storage.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: [
          { ExpirationInDays: 7, NoncurrentVersionExpiration: { NoncurrentDays: 1 }, Status: 'Enabled' },
          { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' },
        ],
      },
    });
    const [[, policy] = []] = ofType(synthesized, 'AWS::S3::BucketPolicy').filter(([id]) =>
      id.startsWith('QueryResults'),
    );
    const denials = statements(policy?.Properties['PolicyDocument']).filter(
      ({ Effect }) => Effect === 'Deny',
    );
    expect(denials).toContainEqual({
      Sid: 'DenyWritesButByAthena',
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: ['s3:PutObject'],
      Resource: [expect.anything()],
      Condition: { 'ForAllValues:StringNotEquals': { 'aws:CalledVia': 'athena.amazonaws.com' } },
    });
    expect(denials.some(({ Condition }) => Condition?.['Bool']?.['aws:SecureTransport'] === 'false')).toBe(
      true,
    );
  });
});
