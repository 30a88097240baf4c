import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

/** Turns the name of a folder under lambdas/ into the code that is deployed. */
export type Bundle = (name: string) => Code;

/**
 * Bundles lambdas/<name>/handler.ts into one minified CommonJS file, index.js, once per name and process.
 * CommonJS because an ES module costs 15-20 ms more at cold start; the AWS SDK is bundled so that only the commands in
 * use are loaded. The bytes depend on the sources alone, and CDK's asset hash on the bytes.
 * Throws when a source cannot be resolved or compiled.
 */
export function esbuildBundle(root: string): Bundle {
  const built = new Map<string, string>();
  return (name) => {
    // A folder rather than its Code: one Code belongs to one stack.
    const known = built.get(name);
    if (known !== undefined) return Code.fromAsset(known);
    const folder = mkdtempSync(join(tmpdir(), 'dialguard-'));
    // CDK copies it into the cloud assembly.
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    buildSync({
      absWorkingDir: root,
      entryPoints: [`lambdas/${name}/handler.ts`],
      outfile: join(folder, 'index.js'),
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node24',
      format: 'cjs',
      mainFields: ['module', 'main'],
      legalComments: 'none',
      logLevel: 'error',
    });
    built.set(name, folder);
    return Code.fromAsset(folder);
  };
}

/** Placeholder code, for templates without bundling: tests, reviews, and a local stack that runs the sources. */
export const placeholderBundle: Bundle = (name) =>
  Code.fromInline(
    `exports.handler = async () => { throw new Error('${name} was synthesized without its code'); };`,
  );
