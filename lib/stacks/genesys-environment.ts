import { genesysUrls } from './genesys-regions.ts';
import type { IngestionProps } from './ingestion.ts';

/** How a Lambda reaches Genesys Cloud; empty where no region is connected. */
export function genesysEnvironment({ settings, storage }: Pick<IngestionProps, 'settings' | 'storage'>) {
  const { apiUrl, loginUrl } = genesysUrls(settings.genesysRegion);
  return {
    GENESYS_API_URL: apiUrl,
    GENESYS_LOGIN_URL: loginUrl,
    GENESYS_CLIENT_SECRET_ARN: storage.genesysClient?.secretArn ?? '',
  };
}
