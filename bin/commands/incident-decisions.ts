import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Command } from 'commander';
import * as z from 'zod';
import { affectedKey } from '../../lib/adapters/s3/affected-lists.ts';
import { type Connection, connect, parseOptions } from './connection.ts';
import { pathOf, printIncident } from './incident-output.ts';
import { given, upper } from './output.ts';

const id = z.string().min(1);
const words = z.array(z.string().transform(upper)).optional();
const DOCUMENT = /^([a-z-]+)=([^@]+)@(.+)$/;
const SHA256 = /^[0-9a-f]{64}$/;

const Options = z.object({
  by: id,
  risk: z.string().transform(upper).optional(),
  role: z.string().transform(upper).optional(),
  knownAt: id.optional(),
  occurredFrom: id.optional(),
  occurredTo: id.optional(),
  dataElements: words,
  jurisdictions: z.array(z.string().transform((place) => place.trim().toUpperCase())).optional(),
  persons: z.coerce.number().int().nonnegative().optional(),
  contactUrl: id.optional(),
  contactPhone: id.optional(),
  contactEmail: id.optional(),
  preferencesUrl: id.optional(),
  document: z.array(z.string().regex(DOCUMENT, 'expected <about>=<id>@<file or SHA-256>')).default([]),
  template: id.optional(),
  clock: id.optional(),
  authority: id.optional(),
  at: id.optional(),
  further: z.literal(true).optional(),
  delayReason: id.optional(),
  ground: z.string().transform(upper).optional(),
  documentId: id.optional(),
});
type Options = z.infer<typeof Options>;

/** What officers decide: each becomes one POST, and one entry in the log. */
export function addIncidentDecisions(incident: Command): void {
  addAssess(incident);
  addAffected(incident);
  happening(incident.command('prepare'), ({ template }) => ({ template }))
    .description('make its notices ready to go out; another person releases them')
    .requiredOption('--template <name>', 'whose approved texts are sent');
  happening(incident.command('release'), () => ({})).description(
    'let its notices go out, by another person than the one who prepared them',
  );
  addAuthorities(incident);
  happening(incident.command('close'), () => ({})).description(
    'end it, once it is documented and nobody is owed anything; it stays in the register',
  );
}

function addAssess(incident: Command): void {
  happening(incident.command('assess'), assessment)
    .description('say what is known of it; what is left out stays as it was')
    .option('--risk <risk>', 'to people: unlikely, risk or high (GDPR Art 33(1), 34(1))')
    .option('--role <role>', 'controller or processor')
    .option('--known-at <time>', 'when you became aware of it, ISO 8601 with an offset')
    .option('--occurred-from <time>', 'when it began')
    .option('--occurred-to <time>', 'when it ended')
    .option('--data-elements <kinds...>', 'which kinds of data: email-address, password, payment-card ...')
    .option('--jurisdictions <places...>', 'where the people are: DE, FR, US-CA')
    .option('--persons <count>', 'how many people are concerned')
    .option(
      '--document <about=id@file...>',
      'facts, effects, remedial-action, notice, delay or exemption; the file is only hashed',
    )
    .option(
      '--contact-url <url>',
      'where people read more, in place of the one in the settings; with the next two',
    )
    .option('--contact-phone <number>', 'of your own line')
    .option('--preferences-url <url>', 'where people change how they are reached')
    .option('--contact-email <address>', 'of your own');
}

function addAffected(incident: Command): void {
  incident
    .command('affected')
    .description('attach the list of who is to be told: CSV with recipientId, phone, email and more')
    .argument('<id>', 'the incident')
    .argument('[file]', 'put there first; without it the newest list in the privacy bucket is taken')
    .requiredOption('--by <id>', 'who says so: an id, no name')
    .addHelpText('after', `\nExample:\n  $ npx dialguard incident affected ${SAMPLE} affected.csv --by dpo-1`)
    .action(async (incidentId: string, file: string | undefined, _options: unknown, command: Command) => {
      const { by } = parseOptions(Options.pick({ by: true }), command.opts());
      const connection = await connect(command);
      const versionId = file === undefined ? undefined : await putList(connection, incidentId, file);
      const body = given({ event: 'affected', by, versionId });
      printIncident(command, await connection.post(`${pathOf(incidentId)}/events`, body));
    });
}

function addAuthorities(incident: Command): void {
  happening(incident.command('authority-notified'), notified)
    .description('say that an authority, a controller or a card brand was told')
    .requiredOption('--clock <id>', 'which duty it meets, as `incident show` names it')
    .requiredOption('--authority <id>', 'your own name for who was told: an id, no text')
    .option('--at <time>', 'when, ISO 8601 with an offset; now unless told')
    .option('--further', 'more information in phases (GDPR Art 33(4))')
    .option('--delay-reason <id>', 'your document with the reasons, where it was late');
  happening(incident.command('exempt'), ({ ground, documentId }) => ({ ground, document: documentId }))
    .description('say why people need not be told one by one (GDPR Art 34(3))')
    .requiredOption('--ground <ground>', 'unintelligible-data, risk-removed or disproportionate-effort')
    .requiredOption('--document-id <id>', 'your document that shows it');
  happening(incident.command('end-exemption'), () => ({})).description(
    'people are told all the same, as the authority may ask (GDPR Art 34(4))',
  );
  happening(incident.command('waive'), ({ clock, documentId }) => ({ clock, document: documentId }))
    .description('say that a clock does not bind you after all')
    .requiredOption('--clock <id>', 'as `incident show` names it')
    .requiredOption('--document-id <id>', 'your document that shows it');
}

function happening(command: Command, bodyOf: (options: Options) => object): Command {
  const event = command.name();
  return command
    .argument('<id>', 'the incident')
    .requiredOption('--by <id>', 'who says so: an id, no name')
    .addHelpText(
      'after',
      `\nExample:\n  $ npx dialguard incident ${event} ${SAMPLE} ${EXAMPLES[event] ?? ''}--by dpo-1`,
    )
    .action(async (incidentId: string, _options: unknown, own: Command) => {
      const options = parseOptions(Options, own.opts());
      const body = given({ event, by: options.by, ...bodyOf(options) });
      const connection = await connect(own);
      printIncident(own, await connection.post(`${pathOf(incidentId)}/events`, body));
    });
}

const SAMPLE = '01a20144-d9a7-70af-a312-2e1154c20698';
const EXAMPLES: Readonly<Record<string, string>> = {
  assess:
    '--risk high --jurisdictions DE US-CA --data-elements email-address --document facts=DOC-7@facts.pdf ',
  prepare: '--template breach-standard ',
  'authority-notified': '--clock gdpr-authority --authority bfdi --at 2026-11-22T09:00:00Z ',
  exempt: '--ground unintelligible-data --document-id DOC-8 ',
  waive: '--clock us-ny-authorities --document-id DOC-9 ',
};

function assessment(options: Options): object {
  const { contactUrl: url, contactPhone: phone, contactEmail: email, preferencesUrl, document } = options;
  const contact = given({ url, phone, email, preferencesUrl });
  const { risk, role, knownAt, occurredFrom, occurredTo, dataElements, jurisdictions, persons } = options;
  return given({
    ...{ risk, role, knownAt, occurredFrom, occurredTo, dataElements, jurisdictions, persons },
    contact: Object.keys(contact).length === 0 ? undefined : contact,
    documents: document.length === 0 ? undefined : document.map(documentOf),
  });
}

/** What is told of a document is its hash: its words stay where they are. */
function documentOf(text: string): object {
  const [, about = '', documentId = '', source = ''] = DOCUMENT.exec(text) ?? [];
  const sha256 = SHA256.test(source)
    ? source
    : createHash('sha256').update(readFileSync(source)).digest('hex');
  return { about: upper(about), id: documentId, sha256 };
}

function notified({ clock, authority, at, further, delayReason }: Options): object {
  return given({
    ...{ clock, authority, delayReason },
    notifiedAt: at ?? new Date().toISOString(),
    phase: further === true ? 'FURTHER' : 'INITIAL',
  });
}

/** Puts a list where the incident looks for it; its version. */
async function putList({ aws, endpoints }: Connection, incidentId: string, file: string): Promise<string> {
  const client = new S3Client(aws);
  const { VersionId } = await client.send(
    new PutObjectCommand({
      Bucket: endpoints.buckets.privacy,
      Key: affectedKey(incidentId),
      Body: readFileSync(file),
      ContentType: 'text/csv',
    }),
  );
  if (VersionId === undefined) throw new Error('The privacy bucket keeps no versions.');
  return VersionId;
}
