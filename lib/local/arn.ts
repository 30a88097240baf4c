import type { AwsAccount } from './aws-service.ts';

/** An ARN of the local account: arn:aws:<service>:<region>:<account>:<resource>. */
export function arnOf(account: AwsAccount, service: string, resource: string): string {
  return `arn:aws:${service}:${account.region}:${account.accountId}:${resource}`;
}

/** The service an ARN belongs to; an empty string where the text is no ARN. */
export function arnService(arn: string): string {
  const [prefix, , service = ''] = arn.split(':');
  return prefix === 'arn' ? service : '';
}
