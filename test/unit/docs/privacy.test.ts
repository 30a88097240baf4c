import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Verdict } from '../../../lib/domain/subject-request/correlate.ts';
import { IdentifierKind } from '../../../lib/domain/subject-request/identifier.ts';
import {
  IdentityMethod,
  RefusalReason,
  RequestState,
  RequestType,
} from '../../../lib/domain/subject-request/request.ts';

const read = (name: string) => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
const officers = read('privacy.md').replaceAll(/\s+/g, ' ');
const api = read('api.md');

describe('the page for privacy officers', () => {
  it.each([
    ['G7', /may anonymise instead; nobody can choose/],
    ['G10', /not searched by content.*`--external-id`.*every file of that contact, whatever is in it/],
    ['G11', /only where they are tied to an external contact.*custom variables.*cannot be found/],
    ['G13', /case with Genesys support, or their professional services/],
    ['G14', /one or two days, deletions up to 14/],
    ['G15', /EMPLOYEE \| a current user of the platform \| not for erasure/],
    [
      'G16',
      /attribute keys, names or descriptions of flows, states, tasks and actions, prompts, or personal status/,
    ],
    ['G17', /data processing agreement with Genesys \(Art 28\); there is no certification/],
    ['G18', /inventory.*impact assessment/],
    ['G19', /Predictive Engagement\*\* has steps of its own/],
    ['M15', /only an EXPORT, or a trace by client id/],
    ['M18', /Let few do so.*forum/],
    ['M20', /care portal.*Data Privacy.*check the execution log yourself/],
  ])('says what cannot be built: %s', (_id, says) => {
    expect(officers).toMatch(says);
  });

  it.each([...RequestState.options, ...Verdict.options])('names %s', (name) => {
    expect(officers).toContain(name);
  });
});

describe('the page of the API', () => {
  it.each([
    ...RequestType.options,
    ...IdentifierKind.options,
    ...IdentityMethod.options,
    ...RefusalReason.options,
  ])('names %s', (name) => {
    expect(api).toContain(name);
  });
});
