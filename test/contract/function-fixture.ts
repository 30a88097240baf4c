import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes the code of a function as a bundle would lie in an asset folder; returns the folder. */
export function codeFolder(parent: string, name: string, source: string, file = 'index.js'): string {
  const folder = join(parent, 'assets', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), source);
  return folder;
}

/** A CommonJS bundle that exports this handler. */
export const bundle = (handler: string): string =>
  `"use strict";\nmodule.exports = { handler: ${handler} };\n`;
