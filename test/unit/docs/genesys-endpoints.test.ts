import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const sdk = readFileSync(createRequire(import.meta.url).resolve('purecloud-platform-client-v2'), 'utf8');

/** Whether Genesys's own SDK calls a path; parameters match whatever their name. */
function exists(path: string): boolean {
  const pattern = path.replaceAll(/[.$]/g, String.raw`\$&`).replaceAll(/\{\w+\}/g, String.raw`\{\w+\}`);
  return new RegExp(`'${pattern}'`).test(sdk);
}

function namedPaths(): string[] {
  const files = ['docs', 'lib', 'lambdas', 'bin'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(md|ts)$/.test(name))
      .map((name) => join(folder, name)),
  );
  return [...files, 'README.md'].flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\/api\/v2\/[\w/{}]*\w\}?/g)].map(([path]) => path),
  );
}

describe('EB1: every path of Genesys Cloud that is named exists', () => {
  it.each([...new Set(namedPaths())])('%s', (path) => {
    expect(exists(path)).toBe(true);
  });

  it.each(['/api/v2/contacts', '/api/v2/outbound/suppressionlists', '/api/v2/dataexport/pipelines'])(
    '%s does not, so that finding one means something',
    (path) => {
      expect(exists(path)).toBe(false);
    },
  );
});
