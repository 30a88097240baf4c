import { setTimeout as wait } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Command } from 'commander';
import { v7 as uuid } from 'uuid';
import * as z from 'zod';
import { diallerListsOf } from '../../lib/adapters/dialler-lists.ts';
import { DynamoClearContactPoints } from '../../lib/adapters/dynamodb/clear-contact-points.ts';
import { kekFrom, pepperFrom } from '../../lib/adapters/secrets-manager/secrets.ts';
import { SqsDiallerQueue } from '../../lib/adapters/sqs/dialler-queue.ts';
import type { Dialler, DiallerKind, DiallerList } from '../../lib/domain/dialler/dialler.ts';
import { compareList, type ListDifference } from '../../lib/domain/dialler/reconcile.ts';
import type { Source } from '../../lib/domain/vocabulary.ts';
import { genesysUrls } from '../../lib/stacks/genesys-regions.ts';
import type { Settings } from '../../lib/stacks/settings.ts';
import { settingsInForce } from '../policy-file.ts';
import { type Connection, connect, globalOptions, parseOptions } from './connection.ts';
import { unknownDialler } from './diallers.ts';
import { print } from './output.ts';

const Options = z.object({ repair: z.boolean().default(false) });

/** `dialguard diallers reconcile`: a dialler's lists against what they should say. */
export function addReconcile(diallers: Command): void {
  diallers
    .command('reconcile')
    .description("hold a dialler's own lists against what they should say; changes nothing unless told to")
    .argument('<name>', 'the dialler, as in the settings')
    .option('--repair', 'tell it what is missing or over, and take over whom only the dialler knew')
    .addHelpText(
      'after',
      `
Whom a list names without our knowing is never taken off it: somebody refused contact there. With --repair it is
recorded as an opt-out, so that every other dialler hears of it too.

Example:
  $ npx dialguard --stage prod --residency US diallers reconcile nice --repair`,
    )
    .action(async (name: string, _options: unknown, command: Command) => {
      const { repair } = parseOptions(Options, command.opts());
      const { stage = 'dev', residency, json } = globalOptions(command);
      const connection = await connect(command);
      const named = namedDialler(connection, name, settingsInForce(stage, residency));
      const { dialler } = named;
      const work = workOn(connection, named);
      if (dialler.lists.length === 0) throw new Error(cannotTell(dialler.kind));
      const reports: Report[] = [];
      for (const [index, list] of dialler.lists.entries()) {
        const difference = await work.compare(list);
        if (repair) await work.repair(list, difference);
        reports.push(reportOf(index, { difference, repaired: repair }));
      }
      if (reports.some(({ repaired, differences }) => differences > 0 && !repaired)) process.exitCode = 1;
      print(json, reports, () => reports.map(lineOf));
    });
}

type Named = {
  readonly name: string;
  readonly dialler: Dialler;
  readonly defaultRegion: string;
  /** Empty where no Genesys Cloud organization is connected. */
  readonly genesys: { readonly apiUrl: string; readonly loginUrl: string };
};

/** By cdk.json, as it was deployed from here; on one machine by what the stack was booted with. */
function namedDialler({ endpoints }: Connection, name: string, settings: Settings): Named {
  const { platforms, diallers } = endpoints;
  const { defaultRegion, genesysRegion } = settings;
  const local = { kind: 'file' as const, lists: [] };
  const dialler = platforms === undefined ? settings.diallers[name] : (platforms.diallers[name] ?? local);
  if (dialler === undefined || diallers[name] === undefined) throw new Error(unknownDialler(name, diallers));
  const { genesysUrl = '' } = platforms ?? {};
  const genesys =
    platforms === undefined ? genesysUrls(genesysRegion) : { apiUrl: genesysUrl, loginUrl: genesysUrl };
  return { name, dialler, defaultRegion, genesys };
}

function workOn(connection: Connection, { name, dialler, defaultRegion, genesys }: Named) {
  const { aws, endpoints, policy, post } = connection;
  const secrets = new SecretsManagerClient(aws);
  const lists = diallerListsOf(dialler, {
    name,
    secretArn: endpoints.diallers[name]?.secretArn ?? '',
    genesys: {
      GENESYS_API_URL: genesys.apiUrl,
      GENESYS_LOGIN_URL: genesys.loginUrl,
      GENESYS_CLIENT_SECRET_ARN: endpoints.secrets.genesysClient ?? '',
    },
    secrets,
    s3: new S3Client(aws),
    bucket: endpoints.buckets.privacy,
    now: Date.now,
    wait: (ms) => wait(ms),
    random: Math.random,
    newId: uuid,
  });
  const kek = kekFrom(secrets, endpoints.secrets.kek);
  const table = endpoints.tables.contactPoints;
  const contactPoints = new DynamoClearContactPoints(new DynamoDBClient(aws), table, kek);
  return {
    async compare(list: DiallerList): Promise<ListDifference> {
      if (lists.exported === undefined) throw new Error(cannotTell(dialler.kind));
      const pepper = await pepperFrom(secrets, endpoints.secrets.pepper)();
      return await compareList(list, lists.exported(list), {
        ...{ contactPoints, pepper, policy, now: Date.now },
        defaultRegion: defaultRegion === '' ? undefined : defaultRegion,
      });
    },
    async repair(list: DiallerList, { missing, stale, theirs }: ListDifference): Promise<void> {
      const since = Date.now();
      const url = endpoints.diallers[name]?.queue;
      if (url === undefined) throw new Error(unknownDialler(name, endpoints.diallers));
      await new SqsDiallerQueue(new SQSClient(aws), url).send(
        [...missing, ...stale].map((token) => ({ token, since })),
      );
      for (const contactPoint of theirs) {
        const who =
          contactPoint.kind === 'phone'
            ? { phoneNumber: contactPoint.e164 }
            : { email: contactPoint.canonical.replace(/^mailto:/, '') };
        for (const channel of channelsOf(list, contactPoint.kind)) {
          const said = {
            channel,
            seller: list.seller ?? '*',
            source: SOURCES[dialler.kind],
            by: `dialler:${name}`,
          };
          const { status } = await post('/v1/opt-outs', { ...who, ...said });
          if (status >= 300)
            throw new Error(`An opt-out that ${name} knew was refused (HTTP ${status}); run it again.`);
        }
      }
    },
  };
}

function cannotTell(kind: DiallerKind): string {
  return `A dialler of the kind ${kind} cannot be asked what it knows; tell it anew with resync.`;
}

const SOURCES: Readonly<Record<DiallerKind, Source>> = {
  'genesys-cloud': 'GENESYS_DNC_LIST',
  'nice-cxone': 'NICE_CXONE',
  webhook: 'PBX',
  file: 'PBX',
};

function channelsOf({ channels }: DiallerList, kind: 'phone' | 'email'): DiallerList['channels'] {
  return channels.filter((channel) => (channel === 'EMAIL') === (kind === 'email'));
}

type Report = {
  /** Position of the list in the setting, from 1. */
  readonly list: number;
  readonly agreed: number;
  readonly missing: number;
  readonly stale: number;
  readonly theirs: number;
  readonly unreadable: number;
  readonly differences: number;
  readonly repaired: boolean;
};

/** Counts alone: who it is, is nobody's business who reads a terminal. */
function reportOf(
  index: number,
  { difference, repaired }: { difference: ListDifference; repaired: boolean },
): Report {
  const { agreed, unreadable } = difference;
  const [missing, stale, theirs] = [difference.missing, difference.stale, difference.theirs].map(
    (all) => all.length,
  );
  const counts = { missing: missing ?? 0, stale: stale ?? 0, theirs: theirs ?? 0, unreadable };
  const differences = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { list: index + 1, agreed, ...counts, differences, repaired };
}

function lineOf({ list, agreed, missing, stale, theirs, unreadable, repaired }: Report): string {
  const done = repaired ? ' Repaired: they are on their way.' : '';
  return (
    `List ${list}: ${agreed} as it should be, ${missing} missing, ${stale} over, ` +
    `${theirs} that only the dialler knew, ${unreadable} unreadable.${done}`
  );
}
