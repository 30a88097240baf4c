import { describe, expect, it } from 'vitest';
import { Plan } from '../../../../lib/domain/genesys-setup/plan.ts';
import { PLAN_FILE } from '../../../support/genesys-cloud/organization-fixture.ts';

describe('a plan', () => {
  it('leaves out what has a default', () => {
    const { optOutWrapUpCodes, uses, campaigns } = PLAN_FILE;
    expect(Plan.parse({ optOutWrapUpCodes, uses, campaigns })).toMatchObject({
      prefix: 'Dialguard',
      dataAction: { timeoutSeconds: 3 },
      dncLists: [],
      exempt: [],
    });
  });

  it.each<[string, object, RegExp]>([
    ['a field that it does not know', { campaign: [] }, /campaign/],
    ['a use that is none', { uses: {} }, /Spring sale: there is no use us-sales/],
    [
      'a campaign without a list',
      { campaigns: [{ campaign: 'Spring sale', use: 'us-sales' }] },
      /Spring sale: expected at least one/,
    ],
    [
      'a campaign twice',
      { exempt: [{ campaign: 'Spring sale', reason: 'x' }] },
      /the campaign Spring sale is named twice/,
    ],
    ['no wrap-up code', { optOutWrapUpCodes: [] }, /optOutWrapUpCodes/],
    ['a time-out over the limit', { dataAction: { timeoutSeconds: 11 } }, /timeoutSeconds/],
    ['a number for a seller', { uses: { x: { purpose: 'SERVICE', seller: '3175550142' } } }, /seller/],
    ['a purpose that is none', { uses: { x: { purpose: 'FUN' } } }, /purpose/],
    [
      'an input that is none',
      { contactLists: [{ contactList: 'Leads', columns: { Zip: 'zip' } }] },
      /contactLists/,
    ],
  ])('with %s is refused', (_what, change, said) => {
    const parsed = Plan.safeParse({ ...PLAN_FILE, ...change });
    expect(JSON.stringify(parsed.error?.issues)).toMatch(said);
  });
});
