import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import * as z from 'zod';
import type { Checkpoint } from '../../lib/domain/verify/checkpoint.ts';
import { type CheckedProof, checkProofFile } from '../../lib/domain/verify/proof-file.ts';
import { Key } from './audit-verify.ts';
import { globalOptions, parseOptions } from './connection.ts';
import { print } from './output.ts';

const Options = z.object({ key: Key.optional() });

/** `dialguard audit verify-proof`: checks a proof with nothing but the file. */
export function addAuditVerifyProof(audit: Command): void {
  audit
    .command('verify-proof')
    .description('check a proof file, without a network; exit code 1 if it does not hold')
    .argument('<file>', 'from audit prove or audit prove-consistency')
    .option('--key <vkey>', "the log's key, or a file with it, kept elsewhere")
    .addHelpText('after', '\nExample:\n  $ npx dialguard audit verify-proof proof.json --key vkey.txt')
    .action((file: string, _options: unknown, command: Command) => {
      const { key } = parseOptions(Options, command.opts());
      const checked = checkProofFile(readFileSync(file, 'utf8'), key);
      if (!checked.holds) process.exitCode = 1;
      print(globalOptions(command).json, shown(checked), () => describe(checked, key !== undefined));
    });
}

function describe(checked: CheckedProof, isPinned: boolean): readonly string[] {
  if (!checked.holds) return [`The proof does NOT hold: ${checked.cause}.`];
  const key = isPinned
    ? `Signed by the key that you gave: ${checked.vkey}`
    : `Signed by ${checked.vkey}. Compare this key with one that you had from elsewhere, or give it as --key.`;
  if (checked.kind === 'CONSISTENCY') {
    return [
      'The proof holds: the log only grew.',
      `From ${said(checked.older)} to ${said(checked.newer)}.`,
      key,
    ];
  }
  return [
    `The proof holds: this is entry ${checked.index} of the log.`,
    checked.entry,
    `It is under the checkpoint of ${said(checked.checkpoint)}.`,
    key,
  ];
}

function said({ size, time }: Checkpoint): string {
  return `${size} entries, signed at ${new Date(time).toISOString()}`;
}

function shown(checked: CheckedProof): object {
  if (!checked.holds) return checked;
  if (checked.kind === 'ENTRY') return { ...checked, checkpoint: plain(checked.checkpoint) };
  return { ...checked, older: plain(checked.older), newer: plain(checked.newer) };
}

function plain({ origin, size, root, time }: Checkpoint): object {
  return { origin, size, root: root.toString('base64'), time: new Date(time).toISOString() };
}
