import {
  createPlatformApi,
  type PlatformApi,
  type PlatformCall,
  type PlatformDeps,
} from '../http/platform-api.ts';

export type CxoneKey = { readonly accessKeyId: string; readonly accessKeySecret: string };

/** `apiUrl` such as https://api-na1.niceincontact.com: the tenant's own, from its discovery document. */
export type CxoneApiDeps = Omit<PlatformDeps, 'name' | 'tokenRequest'> & {
  /** Such as https://na1.nice-incontact.com. */
  readonly tokenUrl: string;
  readonly key: () => Promise<CxoneKey>;
};

/** Its errors have codes that begin with CXONE_. */
export type CxoneApi = PlatformApi<PlatformCall>;

/** Calls NICE CXone's API with an access key. https://developer.niceincontact.com/ */
export function createCxoneApi({ tokenUrl, key, ...deps }: CxoneApiDeps): CxoneApi {
  return createPlatformApi({
    ...deps,
    name: { code: 'CXONE', words: 'NICE CXone' },
    tokenRequest: async () => {
      const { accessKeyId, accessKeySecret } = await key();
      const headers = { accept: 'application/json', 'content-type': 'application/json' };
      const body = JSON.stringify({ accessKeyId, accessKeySecret });
      return {
        url: `${tokenUrl}/authentication/v1/token/access-key`,
        init: { method: 'POST', headers, body },
      };
    },
  });
}
