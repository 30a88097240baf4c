import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { settingsFor } from '../../lib/stacks/settings.ts';
import { permissions } from './policies.ts';
import { context, deploymentOf, ofType, settingsOf, synthesize } from './templates.ts';

const DEV = deploymentOf('dev', 'US');
const LISTS = [{ channels: ['VOICE' as const], purposes: ['MARKETING' as const], ids: ['1001'] }];
const SITE = 'https://cxone.example.com';
const DIALLERS = {
  north: { kind: 'genesys-cloud' as const, lists: LISTS, contactLists: [] },
  south: { kind: 'nice-cxone' as const, lists: LISTS, apiUrl: SITE, tokenUrl: SITE },
  east: { kind: 'webhook' as const, lists: LISTS, url: `${SITE}/hook` },
  west: { kind: 'file' as const, lists: LISTS },
};
const synthesized = synthesize(DEV, { ...settingsOf(DEV), diallers: DIALLERS });

const Environment = z.object({ Variables: z.looseObject({ DIALLER_NAME: z.string(), DIALLER: z.string() }) });
const pushes = ofType(synthesized, 'AWS::Lambda::Function').flatMap(([, { Properties }]) => {
  const parsed = Environment.safeParse(Properties['Environment']);
  return parsed.success ? [parsed.data.Variables] : [];
});

describe('four diallers', () => {
  it('each have a function that knows its own setting', () => {
    const settings = pushes.map(({ DIALLER_NAME, DIALLER }) => [DIALLER_NAME, JSON.parse(DIALLER)]);
    expect(Object.fromEntries(settings)).toEqual(DIALLERS);
  });

  it('each have a queue of their own, tried until it is kept no longer', () => {
    const queues = ofType(synthesized, 'AWS::SQS::Queue').filter(([id]) => /Suppressions\w+Queue/.test(id));
    expect(queues).toHaveLength(4);
    for (const [, { Properties }] of queues)
      expect(Properties).toMatchObject({ FifoQueue: true, RedrivePolicy: { maxReceiveCount: 1000 } });
  });

  it.each([
    ['north', ['GenesysClientSecret', 'KekSecret']],
    ['south', ['DiallersouthSecret', 'KekSecret']],
    ['east', ['DiallereastSecret', 'KekSecret']],
    ['west', ['KekSecret']],
  ])('%s reads these secrets and no others', (name, secrets) => {
    const role = permissions(synthesized)[`Suppressions${name}PushSuppressionRole`] ?? {};
    expect(
      Object.keys(role)
        .filter((resource) => resource.endsWith('Secret'))
        .toSorted(),
    ).toEqual(secrets);
    expect(Object.keys(role).some((resource) => resource.startsWith('PrivacyBucket'))).toBe(name === 'west');
  });

  it('share each alarm, which looks at every one of them', () => {
    const alarms = new Map(
      ofType(synthesized, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => [
        Properties['AlarmName'],
        JSON.stringify(Properties['Metrics']),
      ]),
    );
    for (const name of ['dialler-waiting', 'dialler-late', 'dialler-parked']) {
      expect(alarms.get(`dialguard-dev-us-${name}`)).toContain(
        'MAX([FILL(m0, 0), FILL(m1, 0), FILL(m2, 0), FILL(m3, 0)])',
      );
    }
  });
});

describe('a setting that would not work', () => {
  const file = { kind: 'file', lists: [{ channels: ['VOICE'] }] };
  const many = Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`d${n}`, file]));
  it.each<[string, object, RegExp]>([
    ['a name', { 'North!': file }, /diallers.North!/],
    ['no https', { a: { ...file, kind: 'webhook', url: 'http://example.com' } }, /begin with https/],
    ['no ids', { a: { ...file, kind: 'genesys-cloud' } }, /expected ids of lists/],
    ['no channel', { a: { kind: 'file', lists: [{ channels: [] }] } }, /channels/],
    ['too many', many, /at most 10 diallers/],
    ['too long', { a: { kind: 'file', lists: Array(60).fill(file.lists[0]) } }, /2,000 characters/],
  ])('is refused: %s', (_, diallers, message) => {
    expect(() => settingsFor(context['dialguard'], DEV, { diallers })).toThrow(message);
  });

  it('is refused: Genesys Cloud without its region', () => {
    const diallers = { a: DIALLERS.north };
    const tried = { diallers, genesysRegion: undefined };
    expect(() => settingsFor(context['dialguard'], DEV, tried)).toThrow(/expected genesysRegion beside/);
  });
});
