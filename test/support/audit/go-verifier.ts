import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PROGRAM = join(import.meta.dirname, '../../contract/go/main.go');
/** Where Debian and Ubuntu keep the sources of Go packages. */
const DEBIAN_GOPATH = '/usr/share/gocode';

/** A verifier in Go, built from golang.org/x/mod/sumdb: says of each path "ok", or what is wrong with it. */
export type GoVerifier = (vkey: string, paths: readonly string[]) => Promise<readonly string[]>;

/**
 * Builds the verifier into a folder, without a network.
 *
 * @throws Error if Go or golang.org/x/mod is missing: nothing may be skipped for want of it.
 */
export async function buildGoVerifier(folder: string): Promise<GoVerifier> {
  const program = join(folder, 'verifier');
  const own = process.env['GOPATH'];
  const env = {
    ...process.env,
    GO111MODULE: 'off',
    GOFLAGS: '',
    GOPATH: own === undefined ? DEBIAN_GOPATH : `${own}:${DEBIAN_GOPATH}`,
    GOCACHE: join(folder, 'cache'),
  };
  try {
    await run('go', ['build', '-o', program, PROGRAM], { env });
  } catch (cause) {
    const needs =
      'the tests need Go and golang.org/x/mod (apt-get install golang-go golang-golang-x-mod-dev)';
    throw new Error(needs, { cause });
  }
  return async (vkey, paths) => {
    const { stdout } = await run(program, [vkey, ...paths]);
    return stdout.trimEnd().split('\n');
  };
}
