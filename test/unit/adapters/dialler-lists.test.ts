import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { diallerListsOf } from '../../../lib/adapters/dialler-lists.ts';
import { Dialler } from '../../../lib/domain/dialler/dialler.ts';
import { caught, listing, numberAt } from '../../support/listings.ts';

const list = { channels: ['VOICE'], ids: ['1001'] };
const SETTINGS = {
  genesys: { kind: 'genesys-cloud', lists: [list] },
  cxone: {
    kind: 'nice-cxone',
    lists: [list],
    apiUrl: 'https://api.example.com',
    tokenUrl: 'https://token.example.com',
  },
  webhook: { kind: 'webhook', lists: [list], url: 'https://hooks.example.com' },
};

function listsOf(setting: object, secret = '{}') {
  const secrets = new SecretsManagerClient({ region: 'us-east-1' });
  const answer = { output: { $metadata: {}, SecretString: secret }, response: {} };
  secrets.middlewareStack.add(() => async () => answer, { step: 'initialize' });
  return diallerListsOf(Dialler.parse(setting), {
    name: 'a-dialler',
    secretArn: 'secret',
    genesys: { GENESYS_API_URL: '', GENESYS_LOGIN_URL: '', GENESYS_CLIENT_SECRET_ARN: '' },
    secrets,
    s3: new S3Client({ region: 'us-east-1' }),
    bucket: 'privacy',
    now: () => 0,
    wait: async () => undefined,
    random: () => 0,
    newId: () => 'id',
  });
}

describe('the lists of a dialler', () => {
  it('in Genesys Cloud need an organization that is connected', () => {
    expect(() => listsOf(SETTINGS.genesys)).toThrow(/no Genesys Cloud organization/);
  });

  it.each([
    ['an access key', SETTINGS.cxone, '{"accessKeyId":"a"}'],
    ['a signing secret', SETTINGS.webhook, '{"signingSecret":"too-short"}'],
    ['a signing secret of 24 bytes at the least', SETTINGS.webhook, '{"signingSecret":"whsec_c2hvcnQ="}'],
  ])('need %s of the documented form', async (_what, setting, secret) => {
    const lists = listsOf(setting, secret);
    const told = lists.apply(Dialler.parse(setting).lists[0] ?? { ...list, channels: [], purposes: [] }, [
      listing(numberAt(0)),
    ]);
    expect(await caught(told)).toMatchObject({ code: 'BAD_SECRET' });
  });
});
