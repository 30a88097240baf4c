import {
  createPlatformApi,
  type PlatformApi,
  type PlatformCall,
  type PlatformDeps,
} from '../http/platform-api.ts';

export type GenesysCredentials = { readonly clientId: string; readonly clientSecret: string };

/** `apiUrl` such as https://api.mypurecloud.ie. */
export type GenesysApiDeps = Omit<PlatformDeps, 'name' | 'tokenRequest'> & {
  /** Such as https://login.mypurecloud.ie. */
  readonly loginUrl: string;
  readonly credentials: () => Promise<GenesysCredentials>;
};

/** Paths begin with /api/v2. Never DELETE: on the numbers of a do-not-contact list it empties the list. */
export type GenesysCall = PlatformCall & { readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' };

/** Its errors have codes that begin with GENESYS_. */
export type GenesysApi = PlatformApi<GenesysCall>;

/** Calls Genesys Cloud's platform API as an OAuth client. https://developer.genesys.cloud/platform/api/ */
export function createGenesysApi({ loginUrl, credentials, ...deps }: GenesysApiDeps): GenesysApi {
  return createPlatformApi({
    ...deps,
    name: { code: 'GENESYS', words: 'Genesys Cloud' },
    tokenRequest: async () => tokenRequest(loginUrl, await credentials()),
  });
}

/** https://developer.genesys.cloud/authorization/platform-auth/use-client-credentials */
function tokenRequest(loginUrl: string, { clientId, clientSecret }: GenesysCredentials) {
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  const headers = {
    authorization: `Basic ${basic}`,
    'content-type': 'application/x-www-form-urlencoded',
  };
  return {
    url: `${loginUrl}/oauth/token`,
    init: { method: 'POST', headers, body: 'grant_type=client_credentials' },
  };
}
