import { ComplianceError } from '../errors.ts';
import type { SnapshotBuilder } from './snapshot-builder.ts';
import type { RegistryVersion } from './version.ts';

const LINE_LIMIT = 64;
// The registry's own flat file: area code, comma, seven digits. NANP: neither area code nor exchange begins with 0 or 1.
const FLAT_LINE = /^([2-9]\d\d),([2-9]\d{6})$/;
const E164_LINE = /^\+(?:1[2-9]\d\d[2-9]\d{6}|[2-9]\d{6,14})$/;

/**
 * Reads a registry's full list, one number a line (`818,2596712` or `+442079460000`; LF or CRLF), into a builder.
 * Anything else refuses the whole file and says in which line; the line itself is never shown.
 *
 * @throws ComplianceError BAD_REGISTRY_LINE, WRONG_AREA_CODE, EMPTY_REGISTRY
 */
export async function readRegistryFile(
  file: AsyncIterable<Uint8Array>,
  areaCodes: RegistryVersion['areaCodes'],
  builder: SnapshotBuilder,
): Promise<{ readonly lines: number }> {
  const covered = areaCodes === 'ALL' ? undefined : new Set(areaCodes);
  let lines = 0;
  const add = (line: string): void => {
    lines += 1;
    builder.add(numberIn(line.endsWith('\r') ? line.slice(0, -1) : line, { lines, covered }));
  };
  const decoder = new TextDecoder('latin1');
  let rest = '';
  for await (const chunk of file) {
    const pieces = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = pieces.pop() ?? '';
    for (const line of pieces) add(line);
    if (rest.length > LINE_LIMIT) throw badLine(lines + 1);
  }
  if (rest !== '') add(rest);
  if (lines === 0) {
    throw new ComplianceError({ code: 'EMPTY_REGISTRY', message: 'expected at least one number, got none' });
  }
  return { lines };
}

type Place = { readonly lines: number; readonly covered: ReadonlySet<string> | undefined };

function numberIn(line: string, { lines, covered }: Place): string {
  const flat = FLAT_LINE.exec(line);
  if (flat === null && !E164_LINE.test(line)) throw badLine(lines);
  const e164 = flat === null ? line : `+1${flat[1]}${flat[2]}`;
  if (covered !== undefined && !(e164.startsWith('+1') && covered.has(e164.slice(2, 5)))) {
    throw new ComplianceError({
      code: 'WRONG_AREA_CODE',
      message: `line ${lines}: expected a number of the named area codes, got another; nothing was imported`,
    });
  }
  return e164;
}

function badLine(line: number): ComplianceError {
  return new ComplianceError({
    code: 'BAD_REGISTRY_LINE',
    message: `line ${line}: expected "areacode,number" (3 and 7 digits) or a number in E.164; nothing was imported`,
  });
}
