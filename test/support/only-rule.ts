import { Weekday } from '../../lib/domain/policy/local-time.ts';
import { type Policy, type PolicyDocument, policyOf } from '../../lib/domain/policy/policy.ts';
import { CHANNELS, PURPOSES } from './contexts.ts';

type Given = Partial<Omit<PolicyDocument['rules'][number], 'kind'>> & { from?: string; until?: string };

/** A policy of one rule that has nothing against anybody, unless it is told hours. */
export function onlyRule({ from, until = '24:00', ...given }: Given): Policy {
  const base = {
    id: 'only',
    jurisdiction: { except: [] },
    channels: [...CHANNELS],
    purposes: [...PURPOSES],
    citation: 'the statute',
    mark: 'P' as const,
    effectiveFrom: '1970-01-01',
    contested: false,
    ...given,
  };
  return policyOf({
    version: 'test',
    rules: [
      from === undefined
        ? { ...base, kind: 'hold' }
        : { ...base, kind: 'callingWindow', windows: [{ days: [...Weekday.options], from, until }] },
    ],
  });
}
