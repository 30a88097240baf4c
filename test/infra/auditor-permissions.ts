const readCatalog = ['glue:GetDatabase', 'glue:GetDatabases', 'glue:GetTable', 'glue:GetTables'];
const AWS = {
  athena: 'arn:aws:athena:us-east-1:AWS::AccountId:',
  glue: 'arn:aws:glue:us-east-1:AWS::AccountId:',
};

/** What an auditor of the deployment dev US may do: resource -> actions. */
export const auditorPermissions = {
  AuditLockedBucket: [
    's3:GetBucketLocation',
    's3:GetBucketObjectLockConfiguration',
    's3:GetBucketPolicy',
    's3:GetBucketVersioning',
    's3:ListBucket',
    's3:ListBucketVersions',
  ],
  'AuditLockedBucket/*': ['s3:GetObject', 's3:GetObjectRetention', 's3:GetObjectVersion'],
  QueryResultsBucket: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
  'QueryResultsBucket/*': [
    's3:AbortMultipartUpload',
    's3:GetObject',
    's3:ListMultipartUploadParts',
    's3:PutObject',
  ],
  AuditKey: ['kms:Decrypt', 'kms:GenerateDataKey'],
  LogKey: ['kms:GetPublicKey'],
  [`${AWS.athena}workgroup/dialguard-dev-us`]: [
    ...['athena:BatchGetNamedQuery', 'athena:BatchGetQueryExecution', 'athena:GetNamedQuery'],
    ...['athena:GetQueryExecution', 'athena:GetQueryResults', 'athena:GetQueryResultsStream'],
    ...['athena:GetQueryRuntimeStatistics', 'athena:GetWorkGroup', 'athena:ListNamedQueries'],
    ...['athena:ListQueryExecutions', 'athena:StartQueryExecution', 'athena:StopQueryExecution'],
  ],
  [`${AWS.athena}datacatalog/AwsDataCatalog`]: [
    ...['athena:GetDataCatalog', 'athena:GetDatabase', 'athena:GetTableMetadata'],
    ...['athena:ListDatabases', 'athena:ListTableMetadata'],
  ],
  [`${AWS.glue}catalog`]: readCatalog,
  [`${AWS.glue}database/default`]: readCatalog,
  [`${AWS.glue}database/dialguard_dev_us`]: readCatalog,
  [`${AWS.glue}table/dialguard_dev_us/*`]: readCatalog,
  '*': ['athena:ListDataCatalogs', 'athena:ListEngineVersions', 'athena:ListWorkGroups'],
  'arn:aws:cloudformation:us-east-1:AWS::AccountId:stack/dialguard-dev-us-*/*': [
    'cloudformation:DescribeStacks',
  ],
};
