import { createQueryService } from './aws-query.ts';
import type { AwsAccount, AwsService } from './aws-service.ts';
import type { Credentials } from './sigv4.ts';

/** AWS STS on one machine: GetCallerIdentity tells which account the local credentials belong to. */
export function createSts(account: AwsAccount, credentials: Credentials): AwsService {
  return createQueryService({
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    actions: {
      GetCallerIdentity: () => ({
        Arn: `arn:aws:iam::${account.accountId}:user/local`,
        UserId: credentials.accessKeyId,
        Account: account.accountId,
      }),
    },
  });
}
