import { beforeAll, describe, expect, it } from 'vitest';
import { cxAsCode } from '../../../../lib/domain/genesys-setup/cx-as-code.ts';
import type { Organization } from '../../../../lib/domain/genesys-setup/organization.ts';
import type { Plan } from '../../../../lib/domain/genesys-setup/plan.ts';
import { wantedOf } from '../../../../lib/domain/genesys-setup/wanted.ts';
import { DEPLOYMENT, goodOrganization, PLAN } from '../../../support/genesys-cloud/organization-fixture.ts';
import { ID } from '../../../support/genesys-cloud/outbound-world.ts';

let good: Organization;
beforeAll(async () => {
  good = await goodOrganization();
});
const exported = (plan: Plan, found = good) => cxAsCode(found, plan, wantedOf(found, plan, DEPLOYMENT));
/** Attributes and blocks of the provider, as its documentation lists them. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  genesyscloud_integration_credential: ['name', 'credential_type_name', 'fields'],
  genesyscloud_integration: ['integration_type', 'intended_state', 'config'],
  genesyscloud_integration_action: [
    ...['name', 'category', 'integration_id', 'secure', 'config_timeout_seconds'],
    ...['contract_input', 'contract_output', 'config_request', 'config_response'],
  ],
  genesyscloud_outbound_dnclist: ['name', 'dnc_source_type', 'contact_method'],
  genesyscloud_outbound_ruleset: ['name', 'contact_list_id', 'rules'],
  genesyscloud_outbound_digitalruleset: ['name', 'contact_list_id', 'rules'],
};

describe('the export for Terraform', () => {
  it('has what setup makes, by the names of the provider', () => {
    const { configuration } = exported(PLAN);
    const { resource } = JSON.parse(JSON.stringify(configuration));
    expect(Object.keys(resource).toSorted()).toEqual(Object.keys(KNOWN).toSorted());
    const counts = Object.entries(resource).map(([type, made]) => [type, Object.keys(Object(made)).length]);
    expect(Object.fromEntries(counts)).toEqual({
      genesyscloud_integration_credential: 1,
      genesyscloud_integration: 2,
      genesyscloud_integration_action: 4,
      genesyscloud_outbound_dnclist: 1,
      genesyscloud_outbound_ruleset: 1,
      genesyscloud_outbound_digitalruleset: 3,
    });
    for (const [type, made] of Object.entries<Record<string, object>>(resource))
      for (const block of Object.values(made))
        expect(KNOWN[type]).toEqual(expect.arrayContaining(Object.keys(block)));
  });

  it('refers to what it makes, and to nothing else', () => {
    const text = JSON.stringify(exported(PLAN).configuration);
    const { resource } = JSON.parse(text);
    const references = [...text.matchAll(/(?<!\$)\$\{(\w+)\.([\w-]+)\.id\}/g)];
    expect(references.length).toBeGreaterThan(8);
    for (const [, type = '', name = ''] of references) expect(Object.keys(resource[type])).toContain(name);
  });

  it('keeps what Terraform would fill in', () => {
    const { configuration } = exported(PLAN);
    const { resource } = JSON.parse(JSON.stringify(configuration));
    const [action] = Object.values<Record<string, object>>(resource.genesyscloud_integration_action);
    expect(action).toMatchObject({
      config_response: [{ success_template: '$${rawResult}' }],
      config_request: [
        { request_template: expect.stringContaining('"$!esc.jsonString($!{input.phoneNumber})"') },
      ],
    });
    expect(JSON.stringify(resource)).not.toMatch(/(?<!\$)\$\{(?!genesyscloud_)/);
  });

  it('has the rules word for word', () => {
    const { resource } = JSON.parse(JSON.stringify(exported(PLAN).configuration));
    const [calls] = Object.values<Record<string, object>>(resource.genesyscloud_outbound_ruleset);
    expect(calls).toEqual({
      name: expect.stringMatching(/^Dialguard us-sales VOICE [0-9a-f]{8}$/),
      contact_list_id: ID.leads,
      rules: [
        {
          name: 'Block unless ALLOW',
          order: 0,
          category: 'DIALER_PRECALL',
          conditions: [
            {
              type: 'dataActionCondition',
              inverted: false,
              data_action_id: expect.stringMatching(/^\$\{genesyscloud_integration_action\.[\w-]+\.id\}$/),
              contact_id_field: 'contactId',
              data_not_found_resolution: true,
              contact_column_to_data_action_field_mappings: [
                { contact_column_name: 'Cell', data_action_field: 'phoneNumber' },
                { contact_column_name: 'Home', data_action_field: 'phoneNumber2' },
                { contact_column_name: 'Zip', data_action_field: 'postalCode' },
              ],
              predicates: [
                {
                  output_field: 'decision',
                  output_operator: 'EQUALS',
                  comparison_value: 'ALLOW',
                  inverted: true,
                  output_field_missing_resolution: true,
                },
              ],
            },
          ],
          actions: [{ type: 'Action', action_type_name: 'DO_NOT_DIAL', properties: {} }],
        },
      ],
    });
    const [texts] = Object.values<{ rules: object[] }>(resource.genesyscloud_outbound_digitalruleset);
    expect(texts?.rules[0]).toMatchObject({
      category: 'PreContact',
      conditions: [{ data_action_condition_settings: [{ data_action_id: expect.any(String) }] }],
      actions: [{ do_not_send_action_settings: '{}' }],
    });
  });

  it('names the digital rule sets of which the provider would drop a mapping', () => {
    expect(exported(PLAN).caveats).toHaveLength(3);
    expect(exported({ ...PLAN, contactLists: [] }).caveats).toEqual([]);
  });

  it('gives names that look alike labels that do not', () => {
    const plan: Plan = {
      ...PLAN,
      dncLists: [
        ...PLAN.dncLists,
        ...['A b', 'A_b', '1'].map((name) => ({ name, contactMethod: 'Any' as const })),
      ],
    };
    const { resource } = JSON.parse(JSON.stringify(exported(plan).configuration));
    const labels = Object.keys(resource.genesyscloud_outbound_dnclist);
    expect(labels).toHaveLength(4);
    for (const label of labels) expect(label).toMatch(/^[A-Za-z_][\w-]*$/);
  });

  it('leaves out the source of events where the plan names none', () => {
    const { eventBridge: _source, ...plan } = PLAN;
    expect(JSON.stringify(exported({ ...plan, dncLists: [] }, { ...good }).configuration)).not.toContain(
      'eventbridge',
    );
  });
});
