import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { TRINO } from '../domain/audit-queries/dialect.ts';
import { columnsOf, LOG_LINES, PARTITION_COLUMNS, type View } from '../domain/audit-queries/view.ts';
import { viewSql } from '../domain/audit-queries/view-sql.ts';
import { VIEWS } from '../domain/audit-queries/views.ts';

export type LogCatalogProps = {
  /** Lower case, digits and underscores: Athena's rule. */
  readonly databaseName: string;
  readonly account: string;
  readonly bucket: Pick<IBucket, 'bucketName'>;
};

/** No log is older than the product. */
const FIRST_DAY = '2026-01-01';
const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));

/** The log as Athena finds it: one table of its lines, whose partitions are reckoned and never listed, and the views. */
export class LogCatalog extends Construct {
  readonly database: CfnDatabase;

  constructor(scope: Construct, id: string, props: LogCatalogProps) {
    super(scope, id);
    const { databaseName, account } = props;
    this.database = new CfnDatabase(this, 'Database', {
      catalogId: account,
      databaseInput: { name: databaseName, description: 'The audit log of Dialguard: lines and views' },
    });
    const tables = [this.#lines(props), ...VIEWS.map((view) => this.#view(view, props))];
    for (const table of tables) table.addResourceDependency(this.database);
  }

  // https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
  #lines({ databaseName, account, bucket }: LogCatalogProps): CfnTable {
    const location = `s3://${bucket.bucketName}/entries/`;
    const partition = PARTITION_COLUMNS.map((name) => `${name}=\${${name}}`).join('/');
    return new CfnTable(this, 'Lines', {
      catalogId: account,
      databaseName,
      tableInput: {
        name: LOG_LINES,
        description: 'One line of the log a row: the canonical JSON of an entry',
        tableType: 'EXTERNAL_TABLE',
        parameters: {
          EXTERNAL: 'TRUE',
          'projection.enabled': 'true',
          'projection.dt.type': 'date',
          'projection.dt.format': 'yyyy-MM-dd',
          'projection.dt.range': `${FIRST_DAY},NOW+1DAYS`,
          'projection.dt.interval': '1',
          'projection.dt.interval.unit': 'DAYS',
          'projection.hh.type': 'enum',
          'projection.hh.values': HOURS.join(','),
          'storage.location.template': `${location}${partition}/`,
        },
        partitionKeys: PARTITION_COLUMNS.map((name) => ({ name, type: 'string' })),
        storageDescriptor: {
          location,
          columns: [{ name: 'line', type: 'string' }],
          inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
          // Fields end at ^A, which JSON never holds unescaped: a line is one field.
          serdeInfo: {
            serializationLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
            parameters: { 'serialization.format': '1' },
          },
        },
      },
    });
  }

  // What CREATE VIEW on Athena itself leaves in the catalog: io.trino.plugin.hive.HiveViewCodec.
  #view(view: View, { databaseName, account }: LogCatalogProps): CfnTable {
    const columns = columnsOf(view);
    const definition = {
      originalSql: viewSql(view, TRINO),
      catalog: 'awsdatacatalog',
      schema: databaseName,
      columns: columns.map(({ name, type }) => ({
        name,
        type: type === 'timestamp' ? 'timestamp(3)' : type,
      })),
    };
    const encoded = Buffer.from(JSON.stringify(definition)).toString('base64');
    return new CfnTable(this, view.name, {
      catalogId: account,
      databaseName,
      tableInput: {
        name: view.name,
        description: view.says,
        tableType: 'VIRTUAL_VIEW',
        parameters: { presto_view: 'true', comment: 'Presto View' },
        partitionKeys: [],
        storageDescriptor: {
          columns: columns.map(({ name, type }) => ({ name, type: type === 'varchar' ? 'string' : type })),
        },
        viewOriginalText: `/* Presto View: ${encoded} */`,
        viewExpandedText: '/* Presto View */',
      },
    });
  }
}
