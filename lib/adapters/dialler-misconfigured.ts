import { ComplianceError } from '../domain/errors.ts';
import { refusalIn } from './http/platform-api.ts';

const NO_SUCH_RIGHT = new Set([401, 403, 404]);

/** What a dialler can be told only once a person has changed something: its list, the rights of our client, its address. */
export function diallerMisconfigured(got: string, cause?: unknown): ComplianceError {
  return new ComplianceError({
    code: 'DIALLER_MISCONFIGURED',
    message: `expected a dialler that can be told, but ${got}; it is told once that is put right`,
    cause,
  });
}

/** The error of a call, as one of configuration where the platform refused it for what only a person can change. */
export function asMisconfigured(error: unknown, codes: ReadonlySet<string> = new Set()): unknown {
  const refusal = refusalIn(error);
  if (refusal === undefined) return error;
  const isConfiguration = NO_SUCH_RIGHT.has(refusal.status) || codes.has(refusal.code ?? '');
  return isConfiguration
    ? diallerMisconfigured(`${refusal.status} came (${refusal.code ?? 'no code'})`, error)
    : error;
}
