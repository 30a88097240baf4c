import type { Models } from 'purecloud-platform-client-v2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGenesysApi } from '../../../../lib/adapters/genesys/cloud-api.ts';
import {
  contactBody,
  contactListBody,
  messagingCampaignBody,
  responseBody,
  voiceCampaignBody,
} from '../../../../lib/adapters/genesys/notice-bodies.ts';
import { GenesysNotices } from '../../../../lib/adapters/genesys/notices.ts';
import type { NoticeText } from '../../../../lib/domain/notice/ports.ts';
import { MessagingPlatform } from '../../../support/genesys-cloud/outbound-messaging.ts';
import { CLIENT, type FakeServer, startFakeServer } from '../../../support/genesys-cloud/server.ts';
import { CHANNELS, SENDER } from '../../../support/notice-world.ts';

const INCIDENT = '01890000-0000-7000-8000-000000000001';
const textOf = (channel: NoticeText['channel'], language = 'en'): NoticeText => ({
  ...{ incidentId: INCIDENT, channel, language, templateVersion: 2, text: 'Please read this.' },
  ...(channel === 'EMAIL' ? { subject: 'Your data' } : {}),
});

const clock = { now: 1_000_000 };
const lost = new Set<string>();
let platform: MessagingPlatform;
let fake: FakeServer;
let sender: GenesysNotices;
const numbers: Models.SmsPhoneNumber[] = [];

beforeEach(async () => {
  numbers.splice(0, 9, {
    phoneNumber: SENDER,
    version: 1,
    provisionedThroughPureCloud: true,
    supportsSms: true,
  });
  platform = new MessagingPlatform({ now: () => clock.now, callsPerMinute: 1e6, numbers, unreachable: lost });
  fake = await startFakeServer(platform.routes);
  const api = createGenesysApi({
    ...{ apiUrl: fake.url, loginUrl: fake.url, credentials: async () => CLIENT, random: () => 0 },
    rate: { burst: 1000, perSecond: 1000 },
    now: () => clock.now,
    wait: async (ms) => {
      clock.now += ms;
    },
    timeoutMs: 5000,
  });
  sender = new GenesysNotices(api, CHANNELS);
});
afterEach(async () => {
  expect(fake.violations).toEqual([]);
  await fake.close();
});

describe('notices by Genesys Cloud', () => {
  it('say nothing that its API does not know', () => {
    const parts = { text: textOf('SMS'), contactListId: 'l-1', channels: CHANNELS };
    contactListBody(textOf('SMS')) satisfies Models.ContactList;
    contactBody('l-1', textOf('SMS'), {
      contactId: 'c1',
      address: '+12125550100',
    }) satisfies Models.WritableDialerContact;
    const sms: Models.MessagingCampaign | undefined = messagingCampaignBody(parts);
    const email: Models.MessagingCampaign | undefined = messagingCampaignBody({
      ...parts,
      text: textOf('EMAIL'),
      responseId: 'x',
    });
    const voice: Models.Campaign | undefined = voiceCampaignBody({ ...parts, text: textOf('VOICE') });
    if (CHANNELS.email !== undefined) responseBody(textOf('EMAIL'), CHANNELS.email) satisfies Models.Response;
    expect([sms?.dncLists, email?.dncLists, voice?.dncLists]).toEqual([[], [], []]);
    expect(voice?.dialingMode).toBe('agentless');
  });

  it.each(['SMS', 'EMAIL', 'VOICE'] as const)(
    'of %s go out by a campaign that is made once and runs',
    async (channel) => {
      const text = textOf(channel);
      const list = await sender.open(text);
      expect(await sender.open(text)).toEqual(list);
      expect(await sender.open(textOf(channel, 'es'))).not.toEqual(list);
      expect([platform.lists.size, platform.campaigns.size]).toEqual([2, 2]);
      const address = channel === 'EMAIL' ? 'a@example.com' : '+12125550100';
      const contacts = [{ contactId: 'c1', address }];
      await sender.add(list, text, contacts);
      await sender.add(list, text, contacts);
      expect(platform.sends).toEqual(new Map([['c1', 1]]));
      expect(await sender.look(channel, list.contactListId, ['c1', 'c2'])).toEqual(
        new Map([['c1', 'WAITING']]),
      );
      clock.now += 60_000;
      expect(await sender.look(channel, list.contactListId, ['c1'])).toEqual(new Map([['c1', 'DELIVERED']]));
      lost.add(address);
      expect(await sender.look(channel, list.contactListId, ['c1'])).toEqual(new Map([['c1', 'FAILED']]));
      lost.clear();
    },
  );

  it.each(['contactlists', 'responses', 'messagingcampaigns', 'start'])(
    'find what was made where the answer of %s was lost',
    async (path) => {
      fake.fail({ kind: 'NO_ANSWER', method: 'POST', path: new RegExp(`${path}$`), acted: true });
      await expect(sender.open(textOf('EMAIL'))).rejects.toMatchObject({ code: 'GENESYS_UNCERTAIN' });
      await sender.open(textOf('EMAIL'));
      expect([platform.lists.size, platform.responses.size, platform.campaigns.size]).toEqual([1, 1, 1]);
      expect([...platform.campaigns.values()].map(({ campaignStatus }) => campaignStatus)).toEqual(['on']);
    },
  );

  it('B12: go by the carrier of the number: the platform’s, that of an integration, or nobody knows', async () => {
    expect(await sender.smsCarrier()).toBe('genesys-cloud');
    numbers.splice(0, 1, { phoneNumber: SENDER, version: 1, integration: { id: 'carrier-1' } });
    expect(await sender.smsCarrier()).toBe('carrier-1');
    numbers.splice(0, 1, { phoneNumber: `${SENDER}0`, version: 1, provisionedThroughPureCloud: true });
    expect(await sender.smsCarrier()).toBe('UNKNOWN');
  });

  it('are single messages where there are few, and a call never is', async () => {
    await sender.sendOne(textOf('SMS'), '+12125550100');
    await sender.sendOne(textOf('EMAIL'), 'a@example.com');
    await expect(sender.sendOne(textOf('VOICE'), '+12125550100')).rejects.toMatchObject({
      code: 'CHANNEL_NOT_SET_UP',
    });
    expect(platform.singles.map(({ address }) => address)).toEqual(['+12125550100', 'a@example.com']);
  });
});
