import type { Residency } from './deployments.ts';

/**
 * The domains of Genesys Cloud's regions, and which of them lie in the European Union: those of Frankfurt, Dublin and the
 * European Sovereign Cloud. London and Zurich do not, though their law mirrors the GDPR.
 * https://help.mypurecloud.com/articles/aws-regions-for-genesys-cloud-deployment/
 */
const inTheUnion: Readonly<Record<string, boolean>> = {
  'mypurecloud.de': true,
  'mypurecloud.ie': true,
  'edee1.eusc-pure.cloud': true,
  'euw2.pure.cloud': false,
  'euc2.pure.cloud': false,
  'mypurecloud.com': false,
  'usw2.pure.cloud': false,
  'use2.us-gov-pure.cloud': false,
  'cac1.pure.cloud': false,
  'sae1.pure.cloud': false,
  'mxc1.pure.cloud': false,
  'mec1.pure.cloud': false,
  'aps1.pure.cloud': false,
  'apse1.pure.cloud': false,
  'mypurecloud.com.au': false,
  'mypurecloud.jp': false,
  'apne2.pure.cloud': false,
  'apne3.pure.cloud': false,
};

export const genesysDomains: readonly string[] = Object.keys(inTheUnion);

/** Whether a deployment may ask a region about people: those of an EU deployment are told to nobody outside the Union. */
export function mayAsk(domain: string, residency: Residency): boolean {
  return { EU: inTheUnion[domain] === true, US: true }[residency];
}

export type GenesysUrls = { readonly apiUrl: string; readonly loginUrl: string };

/** Where a region's platform API and its tokens are; empty without a region. */
export function genesysUrls(domain: string | undefined): GenesysUrls {
  return domain === undefined
    ? { apiUrl: '', loginUrl: '' }
    : { apiUrl: `https://api.${domain}`, loginUrl: `https://login.${domain}` };
}
