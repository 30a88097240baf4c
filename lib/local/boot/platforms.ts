import { Dialler } from '../../domain/dialler/dialler.ts';
import { parsedJson } from '../../domain/json.ts';

/**
 * What lies outside AWS. The local stack calls none of the platforms in the templates, whose people and data are real: what
 * is not given here is not connected, and a dialler that is not given here gets files of what it would be told.
 */
export type Platforms = {
  /** Origin of something that answers as Genesys Cloud does, tokens and all. */
  readonly genesysUrl?: string;
  readonly multicloudAccountId?: string;
  /** By the names of diallers in the settings. */
  readonly diallers?: Readonly<Record<string, Dialler>>;
};

type Variables = Readonly<Record<string, string>>;

/** The environment of a function: the template's, with these platforms in place of the real ones. */
export function localEnvironment({
  genesysUrl = '',
  multicloudAccountId = '',
  diallers = {},
}: Platforms = {}): (template: Variables) => Variables {
  const always: Variables = {
    GENESYS_API_URL: genesysUrl,
    GENESYS_LOGIN_URL: genesysUrl,
    MULTICLOUD_ACCOUNT_ID: multicloudAccountId,
  };
  return (template) => {
    const { DIALLER_NAME: name, DIALLER: dialler } = template;
    const told =
      name === undefined || dialler === undefined ? {} : { DIALLER: localDialler(diallers[name], dialler) };
    const entries = Object.entries({ ...template, ...told });
    return Object.fromEntries(entries.map(([variable, value]) => [variable, always[variable] ?? value]));
  };
}

function localDialler(given: Dialler | undefined, setting: string): string {
  const { lists } = Dialler.parse(parsedJson(setting));
  return JSON.stringify(given ?? { kind: 'file', lists });
}
