import { readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import * as z from 'zod';
import { timeOfUuid } from '../../lib/domain/log/uuid-time.ts';
import { type FoundLine, findDecisionLine, findLineAt } from '../../lib/domain/verify/find-line.ts';
import type { LogSource } from '../../lib/domain/verify/log-source.ts';
import { ProofMaker } from '../../lib/domain/verify/make-proof.ts';
import { checkpointKey, NOT_IDLE } from '../../lib/domain/verify/object-name.ts';
import { FROM_HELP, openSource } from './audit-source.ts';
import { parseOptions } from './connection.ts';

const Options = z.object({
  decision: z.string().optional(),
  index: z
    .string()
    .regex(/^\d{1,15}$/, "expected an entry's index")
    .transform(Number)
    .optional(),
  from: z.string().optional(),
  out: z.string().optional(),
});

/** `dialguard audit prove`: a file that shows one entry to somebody who has nothing else. */
export function addAuditProve(audit: Command): void {
  audit
    .command('prove')
    .description('a small file that proves that an entry is in the log; audit verify-proof checks it')
    .option('--decision <id>', 'the entry of a decision')
    .option('--index <index>', 'an entry by its place in the log')
    .option('--from <place>', FROM_HELP)
    .option('--out <file>', 'where it goes; standard output unless told')
    .addHelpText('after', '\nExample:\n  $ npx dialguard audit prove --decision <id> --out proof.json')
    .action(async (_options: unknown, command: Command) => {
      const { from, out, ...which } = parseOptions(Options, command.opts());
      if ((which.decision === undefined) === (which.index === undefined)) {
        throw new Error('Say which entry: --decision <id>, or --index <index>.');
      }
      const { source } = await openSource(command, from);
      const found = await find(source, which);
      if (found === undefined)
        throw new Error('The log has no such entry; one of the last minute may not be in it yet.');
      put(await (await ProofMaker.open(source)).entry(found), out);
    });
}

type Which = { readonly decision?: string | undefined; readonly index?: number | undefined };

async function find(source: LogSource, { decision, index }: Which): Promise<FoundLine | undefined> {
  if (decision !== undefined) return await findDecisionLine(source, decision, timeOfUuid(decision) ?? 0);
  return index === undefined ? undefined : await findLineAt(source, index);
}

const ConsistencyOptions = Options.pick({ from: true, out: true });

/** `dialguard audit prove-consistency`: a file that shows that the log only grew between two checkpoints. */
export function addAuditProveConsistency(audit: Command): void {
  audit
    .command('prove-consistency')
    .description('a small file that proves that a newer checkpoint continues an older one')
    .argument('<older>', 'a checkpoint: a file, or the size of one that is in the log')
    .argument('<newer>', 'a checkpoint: a file, or the size of one that is in the log')
    .option('--from <place>', FROM_HELP)
    .option('--out <file>', 'where it goes; standard output unless told')
    .addHelpText(
      'after',
      '\nExample:\n  $ npx dialguard audit prove-consistency march.txt 81920 --out grew.json',
    )
    .action(async (older: string, newer: string, _options: unknown, command: Command) => {
      const { from, out } = parseOptions(ConsistencyOptions, command.opts());
      const { source } = await openSource(command, from);
      const maker = await ProofMaker.open(source);
      const notes = await Promise.all([older, newer].map((which) => noteOf(source, which)));
      const [first = '', second = ''] = notes;
      put(await maker.consistency(first, second), out);
    });
}

async function noteOf(source: LogSource, which: string): Promise<string> {
  if (!/^\d{1,15}$/.test(which)) return readFileSync(which, 'utf8');
  const read = await source.read(checkpointKey({ size: Number(which), idleHour: NOT_IDLE }));
  if (read.state === 'READ') return read.bytes.toString('utf8');
  throw new Error(`The log has no checkpoint of ${which} entries.`);
}

function put(text: string, out: string | undefined): void {
  if (out === undefined) process.stdout.write(text);
  else writeFileSync(out, text);
}
