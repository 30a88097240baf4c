import { describe, expect, it } from 'vitest';
import { CheckInput } from '../../../../lambdas/check-consent/event.ts';
import { wantedAction } from '../../../../lib/domain/genesys-setup/data-action.ts';
import type { Use } from '../../../../lib/domain/genesys-setup/plan.ts';
import type { Channel } from '../../../../lib/domain/vocabulary.ts';

const CHECK = { functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:check', timeoutSeconds: 3 };
const ALL: Use = {
  purpose: 'MARKETING',
  seller: 'acme',
  technology: 'LIVE',
  audience: 'CONSUMER',
  product: 'ENERGY',
  softOptIn: false,
  defaultRegion: 'US',
};

/** What the Lambda gets: Velocity as far as the templates use it, escaping as its EscapeTool does. */
function rendered(use: Use, channel: Channel, input: Readonly<Record<string, string>>): unknown {
  const { requestTemplate } = wantedAction({ name: 'x', use, channel }, CHECK).config.request;
  const text = requestTemplate.replace(/\$!esc\.jsonString\(\$!\{input\.(\w+)\}\)/g, (_all, name) =>
    JSON.stringify(input[name] ?? '').slice(1, -1),
  );
  expect(text).not.toMatch(/[$#]/);
  return JSON.parse(text);
}

describe('what a data action asks', () => {
  it('is a check of every number that was passed, for the use of the plan', () => {
    const asked = rendered(ALL, 'VOICE', {
      contactId: 'crm-123',
      phoneNumber: '+13175550142',
      phoneNumber3: '(317) 555-0143',
      postalCode: '46204',
    });
    expect(CheckInput.parse(asked)).toMatchObject({
      ...ALL,
      channel: 'VOICE',
      contactId: 'crm-123',
      phoneNumbers: ['+13175550142', '(317) 555-0143'],
      postalCode: '46204',
      calledPartyRegion: undefined,
    });
  });

  it.each<[Channel, Readonly<Record<string, string>>, object]>([
    ['SMS', { phoneNumber: '+13175550142' }, { phoneNumbers: ['+13175550142'] }],
    ['EMAIL', { email: 'ann@example.com' }, { email: 'ann@example.com', phoneNumbers: [] }],
    ['EMAIL', {}, { email: undefined }],
  ])('is a check for %s', (channel, input, expected) => {
    const read = CheckInput.parse(rendered({ purpose: 'SERVICE' }, channel, input));
    expect(read).toMatchObject({ channel, purpose: 'SERVICE', ...expected });
    expect([read.seller, read.technology, read.softOptIn]).toEqual([undefined, undefined, undefined]);
  });

  it('lets no value of a contact speak for the use', () => {
    const read = CheckInput.parse(
      rendered({ purpose: 'MARKETING' }, 'EMAIL', { email: 'a","purpose":"BREACH_NOTICE","x":"\n\\' }),
    );
    expect(read).toMatchObject({ purpose: 'MARKETING', email: expect.stringContaining('BREACH_NOTICE') });
  });

  it.each(['VOICE', 'SMS', 'EMAIL'] as const)(
    'takes for %s nothing that the check does not read',
    (channel) => {
      const { inputSchema } = wantedAction({ name: 'x', use: ALL, channel }, CHECK).contract.input;
      for (const name of Object.keys(inputSchema.properties)) {
        const read = CheckInput.parse({ channel, purpose: 'SERVICE', [name]: 'probe' });
        expect([name, JSON.stringify(read)]).toEqual([name, expect.stringContaining('probe')]);
      }
    },
  );
});
