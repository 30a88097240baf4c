import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync } from 'esbuild';

/** Turns the name of a folder under lambdas/ into the code that is deployed. */
export type Bundle = (name: string) => Code;

/** Global texts of the bundled code, by name. */
export type Constants = Readonly<Record<string, string>>;

/**
 * What stands in the place of AWS SDK packages in the bundles of Lambdas that a caller waits for: a tenth of the code, and
 * connections that are signed and kept open. docs/adr/0011-slim-sdk.md
 */
const SLIM_SDK = Object.fromEntries(
  ['client-dynamodb', 'client-secrets-manager', 'client-sns'].map((name) => [
    `@aws-sdk/${name}`,
    `./lib/adapters/slim-sdk/${name}.ts`,
  ]),
);
const SLIM: ReadonlySet<string> = new Set(['check-consent']);

/**
 * Bundles lambdas/<name>/handler.ts with constants into one minified CommonJS file, index.js, once per name, constants
 * and process. CommonJS because an ES module costs 15-20 ms more at cold start; the AWS SDK is bundled so that only the
 * commands in use are loaded. The bytes depend on the sources and constants alone, and CDK's asset hash on the bytes.
 * Throws when a source cannot be resolved or compiled.
 */
export function esbuildBundles(root: string): (constants?: Constants) => Bundle {
  const built = new Map<string, string>();
  return (constants = {}) =>
    (name) => {
      const id = JSON.stringify([name, constants]);
      // A folder rather than its Code: one Code belongs to one stack.
      const folder = built.get(id) ?? build(root, name, constants);
      built.set(id, folder);
      return Code.fromAsset(folder);
    };
}

function build(root: string, name: string, constants: Constants): string {
  const folder = mkdtempSync(join(tmpdir(), 'dialguard-'));
  // CDK copies it into the cloud assembly.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  buildSync({ ...bundleOptions(root, name, constants), outfile: join(folder, 'index.js') });
  return folder;
}

/** How a Lambda is bundled. */
export function bundleOptions(root: string, name: string, constants: Constants) {
  return {
    absWorkingDir: root,
    entryPoints: [`lambdas/${name}/handler.ts`],
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    alias: SLIM.has(name) ? SLIM_SDK : {},
    logLevel: 'error',
    // A text stands only where it is named: the code of a Lambda that does not name it stays the same.
    define: Object.fromEntries(Object.entries(constants).map(([id, text]) => [id, JSON.stringify(text)])),
  } as const satisfies BuildOptions;
}

/** Placeholder code, for templates without bundling: tests, reviews, and a local stack that runs the sources. */
export const placeholderBundle: Bundle = (name) =>
  Code.fromInline(
    `exports.handler = async () => { throw new Error('${name} was synthesized without its code'); };`,
  );
