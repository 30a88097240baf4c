import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import type { Endpoints } from '../../lib/local/endpoints.ts';

/** The options of a check that nothing stands in the way of. */
export const SERVICE = ['--channel', 'voice', '--purpose', 'service'] as const;

/** What a stack says of itself that would serve everything on one port of this machine. */
export function endpointsOn(port: number): Endpoints {
  const origin = `http://127.0.0.1:${port}`;
  return {
    apiUrl: origin,
    awsEndpoint: origin,
    region: 'us-east-1',
    accessKeyId: 'AKIDFIXTURE',
    secretAccessKey: 'fixture',
    residency: 'US',
    eventBusName: 'bus',
    buckets: { inbox: 'inbox', outbox: 'outbox', audit: 'audit', registry: 'registry', privacy: 'privacy' },
    tables: { contactPoints: 'contact-points', registryBlocks: 'registry-blocks', cases: 'cases' },
    queues: { optOut: `${origin}/opt-out`, optOutDlq: `${origin}/opt-out-dlq` },
    diallers: {},
    functions: {
      checkConsent: 'check-consent',
      recordPreference: 'record-preference',
      manageHold: 'manage-hold',
      receiveMessage: 'receive-message',
      resolveReview: 'resolve-review',
      eraseContactPoint: 'erase-contact-point',
      handleSubjectRequest: 'handle-subject-request',
      reconcileCoverage: 'reconcile-coverage',
      runSubjectRequests: 'run-subject-requests',
      sendNotices: 'send-notices',
      processMulticloudFile: 'process-multicloud-file',
      ingestOptOut: 'ingest-opt-out',
      scrubContactList: 'scrub-contact-list',
      appendAuditLog: 'append-audit-log',
    },
    topics: { legalAlerts: 'legal-alerts' },
    secrets: { pepper: 'pepper', kek: 'kek' },
    oauth: { tokenUrl: `${origin}/oauth2/token`, clientId: 'client', clientSecret: 'fixture' },
  };
}

/**
 * A port of this machine on which nobody listens until `release` is called: it is one end of a connection, so that the
 * system gives it to no server of another test.
 */
export async function deadPort(): Promise<{ readonly port: number; release(): void }> {
  const server = createServer();
  const socket = connect(await listen(server), '127.0.0.1');
  await once(socket, 'connect');
  const release = () => {
    socket.destroy();
    server.close();
  };
  return { port: socket.localPort ?? 0, release };
}

/** Listens on a port of the system's choice, and returns it. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
