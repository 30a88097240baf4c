import type { Channel } from '../vocabulary.ts';
import type { DataAction } from './organization.ts';
import { ColumnInput, type Use } from './plan.ts';

/** One data action for each use and channel: a rule passes columns to it, but no value of its own. */
export type WantedAction = {
  readonly name: string;
  readonly category: string;
  readonly config: {
    readonly timeoutSeconds: number;
    readonly request: {
      readonly requestUrlTemplate: string;
      readonly requestType: 'POST';
      readonly requestTemplate: string;
      readonly headers: Readonly<Record<string, string>>;
    };
    readonly response: {
      readonly translationMap: Readonly<Record<string, string>>;
      readonly translationMapDefaults: Readonly<Record<string, string>>;
      readonly successTemplate: string;
    };
  };
  readonly contract: {
    readonly input: { readonly inputSchema: Schema };
    readonly output: { readonly successSchema: Schema };
  };
};

type Schema = {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, { readonly type: 'string' }>>;
  readonly required?: readonly string[];
  readonly additionalProperties: boolean;
};

/** The check's answer as it is: Velocity, which Genesys Cloud fills in. */
const RAW_RESULT = `\${rawResult}`;

/** More columns of numbers a contact list cannot have. */
export const PHONE_INPUTS = ['phoneNumber', ...[2, 3, 4, 5, 6, 7, 8, 9, 10].map((at) => `phoneNumber${at}`)];

/** The inputs of the check that come from the contact. */
function contactInputs(channel: Channel): readonly string[] {
  const addresses = { VOICE: PHONE_INPUTS, SMS: ['phoneNumber'], EMAIL: ['email'] }[channel];
  return ['contactId', ...addresses, ...ColumnInput.options];
}

export function wantedAction(
  { name, use, channel }: { name: string; use: Use; channel: Channel },
  { functionArn, timeoutSeconds }: { functionArn: string; timeoutSeconds: number },
): WantedAction {
  const inputs = contactInputs(channel);
  return {
    name,
    category: 'Dialguard',
    config: {
      timeoutSeconds,
      request: {
        requestUrlTemplate: functionArn,
        requestType: 'POST',
        requestTemplate: requestTemplate(use, channel, inputs),
        headers: {},
      },
      response: { translationMap: {}, translationMapDefaults: {}, successTemplate: RAW_RESULT },
    },
    contract: {
      input: { inputSchema: { ...schemaOf(inputs), additionalProperties: true } },
      output: {
        successSchema: {
          ...schemaOf(['decision', 'reason', 'decisionId']),
          required: ['decision'],
          additionalProperties: true,
        },
      },
    },
  };
}

function schemaOf(names: readonly string[]) {
  const text = { type: 'string' } as const;
  return { type: 'object', properties: Object.fromEntries(names.map((name) => [name, text])) } as const;
}

/**
 * What the check is asked: the use in fixed values, the contact's own values escaped. `$!` leaves out what was not passed.
 * https://help.mypurecloud.com/articles/velocity-macros-data-actions/
 */
function requestTemplate(use: Use, channel: Channel, inputs: readonly string[]): string {
  const fixed = Object.entries({ channel, ...use }).map(
    ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
  );
  const passed = inputs.map((name) => `${JSON.stringify(name)}:"$!esc.jsonString($!{input.${name}})"`);
  return `{${[...fixed, ...passed].join(',')}}`;
}

/** What of a published action is not as it is wanted; nothing where it is. */
export function differences(
  found: DataAction,
  wanted: WantedAction,
): readonly ('FUNCTION' | 'REQUEST' | 'RESPONSE' | 'TIMEOUT' | 'CONTRACT')[] {
  const { request, response, timeoutSeconds } = found.config;
  const want = wanted.config;
  const isRequest =
    request.requestTemplate?.trim() === want.request.requestTemplate &&
    request.requestType === want.request.requestType;
  const isResponse =
    response.successTemplate?.trim() === want.response.successTemplate &&
    Object.keys(response.translationMap).length === 0;
  return [
    ...(request.requestUrlTemplate === want.request.requestUrlTemplate ? [] : (['FUNCTION'] as const)),
    ...(isRequest ? [] : (['REQUEST'] as const)),
    ...(isResponse ? [] : (['RESPONSE'] as const)),
    ...(timeoutSeconds === want.timeoutSeconds ? [] : (['TIMEOUT'] as const)),
    ...(takesAll(found, wanted) ? [] : (['CONTRACT'] as const)),
  ];
}

function takesAll({ contract }: DataAction, wanted: WantedAction): boolean {
  const has = (found: object, want: object) => Object.keys(want).every((name) => name in found);
  return (
    has(contract.input.inputSchema.properties, wanted.contract.input.inputSchema.properties) &&
    has(contract.output.successSchema.properties, wanted.contract.output.successSchema.properties)
  );
}
