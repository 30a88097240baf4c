import { readFileSync } from 'node:fs';
import { Presets, SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import * as z from 'zod';
import { describeVerification } from '../../lib/domain/verify/describe-verification.ts';
import { readVerifierKey, type VerifierKey } from '../../lib/domain/verify/note.ts';
import { type Verification, type VerifyOptions, verifyLog } from '../../lib/domain/verify/verify-log.ts';
import { Since } from './audit-bucket.ts';
import { FROM_HELP, type OpenedSource, openSource } from './audit-source.ts';
import { globalOptions, parseOptions } from './connection.ts';
import { print } from './output.ts';
import { sentenceOf } from './sentence-of.ts';

/** `--key`: a C2SP verifier key, or a file that holds one. */
export const Key = z.string().transform((text, context): VerifierKey => {
  const key = readVerifierKey(text) ?? readVerifierKey(fileText(text).trim());
  if (key !== undefined) return key;
  context.addIssue('expected a C2SP verifier key (name+id+key), or a file that holds one');
  return z.NEVER;
});

const LOCK = /^(COMPLIANCE|GOVERNANCE):([1-9]\d*)$/;
const ExpectedLock = z
  .string()
  .regex(LOCK, 'expected a mode and days, such as COMPLIANCE:2557')
  .transform((text) => {
    const [mode, days] = text.split(':');
    return { mode: mode === 'COMPLIANCE' ? mode : 'GOVERNANCE', days: Number(days) } as const;
  });

const Options = z.object({
  from: z.string().optional(),
  since: Since.optional(),
  trustedCheckpoint: z.string().optional(),
  key: Key.optional(),
  lock: ExpectedLock.optional(),
});

/** `dialguard audit verify`: whether the log is whole. */
export function addAuditVerify(audit: Command): void {
  audit
    .command('verify')
    .description('whether the log is whole; exit code 1 on any finding, 2 if it could not be verified')
    .option('--from <place>', FROM_HELP)
    .option('--since <date>', 'begin at the last checkpoint before this day, or of 30d, 12h ... ago')
    .option('--trusted-checkpoint <file>', 'a checkpoint that was kept elsewhere: shows a cut or forked log')
    .option(
      '--key <vkey>',
      "the log's key, or a file with it, kept elsewhere; the log's own vkey unless told",
    )
    .option(
      '--lock <mode:days>',
      'what every version must be locked with; what the deployment, or else the bucket, says unless told',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ npx dialguard audit verify\n' +
        '  $ npx dialguard --stage prod --residency EU audit verify --key vkey.txt --trusted-checkpoint march.txt\n' +
        '  $ npx dialguard audit verify --from ./log-copy --lock COMPLIANCE:2557',
    )
    .action(async (_options: unknown, command: Command) => {
      try {
        await verify(command);
      } catch (error) {
        process.stderr.write(`dialguard: the log could not be verified: ${sentenceOf(error)}\n`);
        process.exitCode = 2;
      }
    });
}

async function verify(command: Command): Promise<void> {
  const { from, trustedCheckpoint, ...options } = parseOptions(Options, command.opts());
  const { json } = globalOptions(command);
  const opened = await openSource(command, from);
  const trusted =
    trustedCheckpoint === undefined
      ? undefined
      : { name: trustedCheckpoint, note: readFileSync(trustedCheckpoint) };
  const lock = options.lock ?? opened.lock;
  const verification = await watched(opened, { ...options, lock, trusted });
  if (verification === undefined) throw new Error(`there is no log at ${opened.name}`);
  if (verification.findings.length > 0) process.exitCode = 1;
  else if (verification.checkpoints === 0) throw new Error(`nothing is signed yet at ${opened.name}`);
  print(json, { log: opened.name, ...verification }, () => describeVerification(opened.name, verification));
}

/** With a bar on standard error where somebody watches. */
async function watched({ source }: OpenedSource, options: VerifyOptions): Promise<Verification | undefined> {
  const bar = new SingleBar(
    { format: ' {bar} {percentage}% | {value} of {total} entries | {found} findings', hideCursor: true },
    Presets.shades_classic,
  );
  let found = 0;
  bar.start(0, 0, { found });
  try {
    return await verifyLog(source, {
      ...options,
      onFinding: () => {
        found += 1;
      },
      onProgress: (size, signedSize) => {
        bar.setTotal(Math.max(size, signedSize));
        bar.update(size, { found });
      },
    });
  } finally {
    bar.stop();
  }
}

function fileText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
