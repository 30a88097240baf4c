import { RemovalPolicy } from 'aws-cdk-lib';
import {
  type Attribute,
  BillingMode,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export type DurableTableProps = {
  readonly key: IKey;
  readonly partitionKey: Attribute;
  readonly sortKey?: Attribute;
  /** The number attribute, in epoch seconds, after which DynamoDB may drop an item. */
  readonly timeToLiveAttribute?: string;
  /** Whether each write is told, with the item as it then is, to whoever reads the table's stream. */
  readonly stream?: boolean;
};

/** An on-demand table that survives mistakes: point-in-time recovery, deletion protection, retained, own KMS key. */
export class DurableTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, props: DurableTableProps) {
    super(scope, id);
    const { key, stream = false, ...keys } = props;
    this.table = new Table(this, 'Table', {
      ...keys,
      ...(stream && { stream: StreamViewType.NEW_IMAGE }),
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
    });
  }
}
