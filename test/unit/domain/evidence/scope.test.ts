import { expect, it } from 'vitest';
import { ownPart } from '../../../../lib/domain/evidence/scope.ts';
import { CoverageEntry } from '../../../../lib/domain/log/entry.ts';
import { token, uuid } from '../../../support/entries.ts';

it('of an hour of contacts a person is shown their own, and nobody else', () => {
  const gap = { channel: 'VOICE', at: '2026-11-20T15:10:00.000Z', outcome: 'NO_DECISION' } as const;
  const gaps = [1, 2].map((n) => ({
    ...gap,
    ...{ gapId: `talk-${n}.leg`, conversationId: `talk-${n}`, token: token(n) },
  }));
  const entry = CoverageEntry.parse({
    ...{ kind: 'coverage', id: uuid(1), at: '2026-11-20T16:31:00.000Z', subjects: [token(1), token(2)] },
    ...{ from: '2026-11-20T15:00:00.000Z', to: '2026-11-20T16:00:00.000Z', windowMs: 300_000 },
    ...{ counts: { NO_DECISION: 2 }, channels: {}, leftOut: {}, campaigns: [], gaps },
  });
  const own = ownPart({ ...entry, index: 7 }, token(2));
  expect(own).toMatchObject({ kind: 'coverage', index: 7, subjects: [token(2)], gaps: [gaps[1]] });
  expect(JSON.stringify(own)).not.toContain(token(1));
});
