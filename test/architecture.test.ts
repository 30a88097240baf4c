import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { typeEscapesIn } from './support/type-escapes.ts';

const ROOT = join(import.meta.dirname, '..');

type Import = { readonly from: string; readonly typeOnly: boolean };
type File = { readonly path: string; readonly code: string; readonly imports: readonly Import[] };

const NODE = [...builtinModules, ...builtinModules.map((name) => `node:${name}`)];
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(ROOT, path)));
const files = tracked.filter((path) => /^(lib|lambdas|bin)\/.*\.ts$/.test(path)).map(fileAt);
const lambdas = [...new Set(files.flatMap(({ path }) => /^lambdas\/([^/]+)\//.exec(path)?.[1] ?? []))];

/** What the files under a folder may import: packages by name, own files by folder. First match counts. */
const RULES: readonly { readonly within: RegExp; readonly may: readonly RegExp[] }[] = [
  {
    within: /^lib\/domain\//,
    may: [/^(zod|canonicalize)$/, /^libphonenumber-js(\/|$)/, /^node:crypto$/, /^lib\/domain\//],
  },
  {
    within: /^lib\/adapters\//,
    may: [/^zod$/, /^@aws-sdk\//, /^node:/, /^lib\/(domain|adapters)\//],
  },
  {
    within: /^lib\/(constructs|stacks)\//,
    may: [/^aws-cdk-lib(\/|$)/, /^(constructs|cdk-nag|zod)$/, /^lib\/(constructs|stacks)\//],
  },
  {
    within: /^lib\/local\//,
    may: [/^(?!aws-cdk-lib|constructs$|cdk-nag|lib\/|lambdas\/|bin\/)/, /^lib\/(local|adapters|domain)\//],
  },
  { within: /^bin\//, may: [/./] },
];

/** Single files that need more than their room, and why. */
const BESIDES: ReadonlyMap<string, RegExp> = new Map([
  // Bundles the Lambdas at synthesis, without Docker.
  ['lib/constructs/bundle.ts', /^(esbuild|node:(fs|os|path))$/],
  // The same id for the same message cannot come from the caller's clock.
  ['lib/adapters/sqs/same-uuid.ts', /^uuid$/],
  // The views and the saved queries are one definition for DuckDB and for Athena.
  ['lib/stacks/log-catalog.ts', /^lib\/domain\/audit-queries\//],
  ['lib/stacks/queries.ts', /^lib\/domain\/audit-queries\//],
  // Clocks and contacts that an operator writes are read by what uses them.
  ['lib/stacks/incident-settings.ts', /^lib\/domain\/(?:incident|notice)\//],
  // The setting of a dialler is one definition for the stacks and for the Lambda that tells it.
  ['lib/stacks/settings.ts', /^lib\/domain\/dialler\/dialler\.ts$/],
  // The one file that knows the engine under the queries of the log.
  ['lib/adapters/duckdb/log-database.ts', /^@duckdb\/node-api$/],
  // Archives: Node has gzip and no zip.
  ['lib/adapters/file-system/zip-file.ts', /^fflate$/],
  ['lib/adapters/zip.ts', /^fflate$/],
  // The signer alone, where the SDK's clients would be waited for.
  ['lib/adapters/slim-sdk/signed-call.ts', /^@smithy\/signature-v4$/],
]);

function mayImport({ path }: File, { from, typeOnly }: Import): boolean {
  if (BESIDES.get(path)?.test(from)) return true;
  const lambda = /^lambdas\/([^/]+)\//.exec(path)?.[1];
  if (lambda !== undefined) {
    const own = new RegExp(`^lambdas/${lambda}/`);
    return [own, /^lib\/(domain|adapters)\//, /^(zod|uuid)$/, /^@aws-sdk\//, /^node:/].some((may) =>
      may.test(from),
    );
  }
  if (/^lib\/(constructs|stacks)\//.test(path) && typeOnly && /^lambdas\/[^/]+\/config\.ts$/.test(from))
    return true;
  return RULES.find(({ within }) => within.test(path))?.may.some((may) => may.test(from)) ?? false;
}

function fileAt(path: string): File {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const found = text.matchAll(
    /^(?:import|export)(\s+type)?\s[^;'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|import\('([^']+)'\)/gm,
  );
  const imports = [...found].map(([, type, from, bare, dynamic]) => ({
    from: resolved(path, from ?? bare ?? dynamic ?? ''),
    typeOnly: type !== undefined,
  }));
  return { path, code: withoutCommentsAndTexts(text), imports };
}

function resolved(path: string, from: string): string {
  if (from.startsWith('.')) return normalize(join(dirname(path), from));
  return NODE.includes(from) && !from.startsWith('node:') ? `node:${from}` : from;
}

/** Comments and the contents of string literals are no code. */
function withoutCommentsAndTexts(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replace(/(^|\s)\/\/.*$/gm, '$1');
}

/** `path: text` of every match in the files chosen. */
function matches(pattern: RegExp, within: RegExp): string[] {
  return files
    .filter(({ path }) => within.test(path))
    .flatMap(({ path, code }) => [...code.matchAll(pattern)].map(([text]) => `${path}: ${text.trim()}`));
}

describe('the house', () => {
  it('is read whole', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(lambdas).toContain('check-consent');
    expect(files.find(({ path }) => path === 'lib/domain/decision/decide.ts')?.imports).toContainEqual({
      from: 'lib/domain/decision/reasons.ts',
      typeOnly: false,
    });
  });

  it('imports only what each room may', () => {
    const wrong = files.flatMap((file) =>
      file.imports
        .filter((imported) => !mayImport(file, imported))
        .map(({ from, typeOnly }) => `${file.path} imports ${typeOnly ? 'type ' : ''}${from}`),
    );
    expect(wrong).toEqual([]);
  });

  it.each([
    { path: 'lib/domain/a.ts', from: 'node:fs', may: false },
    { path: 'lib/domain/a.ts', from: '@aws-sdk/client-s3', may: false },
    { path: 'lib/domain/a.ts', from: 'lib/adapters/http/api.ts', may: false },
    { path: 'lib/adapters/a.ts', from: 'aws-cdk-lib', may: false },
    { path: 'lib/adapters/a.ts', from: 'lib/local/clock.ts', may: false },
    { path: 'lambdas/a/a.ts', from: 'lambdas/b/b.ts', may: false },
    { path: 'lambdas/a/a.ts', from: 'lambdas/a/b.ts', may: true },
    { path: 'lambdas/a/a.ts', from: 'aws-cdk-lib/aws-s3', may: false },
    { path: 'lib/stacks/a.ts', from: 'lambdas/a/config.ts', may: false },
    { path: 'lib/stacks/a.ts', from: 'lambdas/a/config.ts', typeOnly: true, may: true },
    { path: 'lib/stacks/a.ts', from: 'lambdas/a/a.ts', typeOnly: true, may: false },
    { path: 'lib/local/a.ts', from: 'aws-cdk-lib', may: false },
    { path: 'lib/local/a.ts', from: 'lib/constructs/a.ts', may: false },
    { path: 'lib/local/a.ts', from: 'dynalite', may: true },
  ])('a rule: $path, $from: $may', ({ path, from, typeOnly = false, may }) => {
    expect(mayImport({ path, code: '', imports: [] }, { from, typeOnly })).toBe(may);
  });

  it("keeps the log's verifier and its writer apart, but for the hashing of RFC 6962", () => {
    const verifier = /^lib\/domain\/verify\//;
    const writer = /^lambdas\/append-audit-log\/|^lib\/domain\/log\//;
    const common = /^lib\/domain\/(?:log\/hashing|errors)\.ts$/;
    const importsOf = (within: RegExp) =>
      files
        .filter(({ path }) => within.test(path))
        .flatMap(({ path, imports }) => imports.map(({ from }) => ({ path, from })));
    expect(importsOf(verifier)).toContainEqual(
      expect.objectContaining({ from: 'lib/domain/log/hashing.ts' }),
    );
    expect(
      importsOf(verifier).filter(
        ({ from }) => from.startsWith('lib/') && !verifier.test(from) && !common.test(from),
      ),
    ).toEqual([]);
    expect(importsOf(writer).filter(({ from }) => verifier.test(from))).toEqual([]);
  });

  it('keeps clock, chance and environment out of the domain', () => {
    const impure =
      /Date\.now|new Date\(\)|Math\.random|random(?:UUID|Bytes|Int)|process\.env|performance\.now|setTimeout|\bfetch\(/g;
    expect(matches(impure, /^lib\/domain\//)).toEqual([]);
  });

  it('writes to no console where there is telemetry', () => {
    expect(matches(/console\.\w+/g, /^(lib\/(domain|adapters)|lambdas)\//)).toEqual([]);
  });

  it('has no default exports and no barrels', () => {
    // A declaration file speaks of another's package.
    expect(matches(/^export default.*/gm, /(?<!\.d)\.ts$/)).toEqual([]);
    expect(files.filter(({ path }) => path.endsWith('/index.ts'))).toEqual([]);
    expect(matches(/^export \*.*/gm, /./)).toEqual([]);
  });

  it('escapes its types nowhere but in the constructor of a branded type', () => {
    // A declaration file speaks of another's package.
    const sources = files
      .filter(({ path }) => !path.endsWith('.d.ts'))
      .map(({ path }) => ({ path, source: readFileSync(join(ROOT, path), 'utf8') }));
    expect(
      sources.flatMap(({ path, source }) => typeEscapesIn(source).map((found) => `${path}: ${found}`)),
    ).toEqual(['lib/domain/contact-point/token.ts: as Token']);
    const unchecked = /(?:\/\/|\/?\*)\s*@ts-(?:ignore|expect-error|nocheck)/;
    expect(sources.filter(({ source }) => unchecked.test(source)).map(({ path }) => path)).toEqual([]);
  });

  it.each([
    { source: 'const a = b as Token;', escapes: ['as Token'] },
    { source: 'const a = (b as unknown) as { c: string };', escapes: ['as { c: string }', 'as unknown'] },
    { source: 'const a = `not as such, $' + '{b as Token}`;', escapes: ['as Token'] },
    { source: 'const a = <Token>b;', escapes: ['<Token>'] },
    { source: 'function a(b: any): any[] {}', escapes: ['any', 'any'] },
    { source: 'const a = b<any>();', escapes: ['any'] },
    { source: "const a = ['b'] as const;", escapes: [] },
    { source: '// as before, in any order\nconst a = `as rules are: any`;', escapes: [] },
    { source: 'const a = "as rules" + \'as rules\' + /as rules/.source;', escapes: [] },
    { source: 'const { as: any, b: { as } } = c;', escapes: [] },
    { source: "import { a as b } from 'c';\nimport * as d from 'e';\nexport { b as f, d };", escapes: [] },
  ])('a cast, or none: $source', ({ source, escapes }) => {
    expect(typeEscapesIn(source)).toEqual(escapes);
  });

  it('keeps files under 300 lines', () => {
    const long = tracked
      .filter((path) => /^(lib|lambdas|bin|test|bench)\/.*(?<!\.data)\.ts$/.test(path))
      .map((path) => `${path}: ${readFileSync(join(ROOT, path), 'utf8').split('\n').length - 1}`)
      .filter((line) => Number(line.split(': ')[1]) >= 300);
    expect(long).toEqual([]);
  });

  it.each(lambdas)('lambdas/%s has its four files, and a handler that only wires', (name) => {
    const own = files.filter(({ path }) => path.startsWith(`lambdas/${name}/`));
    const names = own.map(({ path }) => path.slice(`lambdas/${name}/`.length));
    expect(names).toEqual(expect.arrayContaining(['handler.ts', `${name}.ts`, 'config.ts']));
    const readsEvents = own.some(({ imports }) =>
      imports.some(({ from }) => from === `lambdas/${name}/event.ts`),
    );
    expect(names.includes('event.ts')).toBe(readsEvents);
    const handler = own.find(({ path }) => path.endsWith('/handler.ts'));
    expect(handler?.code).toMatch(/export const handler = /);
    expect(handler?.code).not.toMatch(/\bif\b|\bswitch\b|\?\s|\bfor\b/);
    expect(
      readFileSync(join(ROOT, `lambdas/${name}/handler.ts`), 'utf8').split('\n').length,
    ).toBeLessThanOrEqual(41);
  });

  it('says nothing of the machine that it was made on', () => {
    const machine = /\.\.\/shared\b|\/work\/(?:main|shared)|\/home\/[a-z]+\/|\/root\/|\/Users\/[a-z]+\//;
    const telling = tracked
      .filter((path) => !/\.(png|ico|gz|zip|jar)$/.test(path) && path !== 'package-lock.json')
      .filter((path) => path !== 'test/architecture.test.ts')
      .flatMap((path) => {
        const found = machine.exec(readFileSync(join(ROOT, path), 'utf8'));
        return found === null ? [] : [`${path}: ${found[0]}`];
      });
    expect(telling).toEqual([]);
  });
});
