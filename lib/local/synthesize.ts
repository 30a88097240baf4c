import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Dialler } from '../domain/dialler/dialler.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export type SynthesisOptions = {
  readonly residency: 'EU' | 'US';
  /** Folder that the templates and the Lambdas' code are written to. */
  readonly output: string;
  /** In place of the diallers of cdk.json. */
  readonly diallers?: Readonly<Record<string, Dialler>> | undefined;
};

/**
 * Runs `cdk synth` for the dev stage of a residency region, without an AWS account or credentials.
 *
 * @throws Error with what the CDK said if it fails.
 */
export async function synthesize({ residency, output, diallers }: SynthesisOptions): Promise<void> {
  const cdk = join(ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const context = [
    ...['-c', 'stage=dev', '-c', `residency=${residency}`],
    ...(diallers === undefined ? [] : ['-c', `diallers=${JSON.stringify(diallers)}`]),
  ];
  const run = spawn(
    process.execPath,
    [cdk, 'synth', '--quiet', '--no-validation', ...context, '--output', resolve(output)],
    {
      cwd: ROOT,
      env: { ...process.env, AWS_EC2_METADATA_DISABLED: 'true' },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let said = '';
  run.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = await once(run, 'close');
  if (code !== 0) throw new Error(`The stacks could not be synthesized:\n${said}`);
}
