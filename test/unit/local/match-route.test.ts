import { describe, expect, it } from 'vitest';
import { matchRoute } from '../../../lib/local/http-api/match-route.ts';

const routes = [
  'POST /v1/checks',
  'POST /v1/reviews/{id}',
  'POST /v1/reviews/next',
  'GET /v1/{a}/of/{b}',
].map((routeKey) => ({ routeKey }));

describe('the route of a request', () => {
  it.each([
    ['POST /v1/checks', 'POST /v1/checks', undefined],
    ['POST /v1/reviews/r-1', 'POST /v1/reviews/{id}', { id: 'r-1' }],
    ['POST /v1/reviews/a%2Fb', 'POST /v1/reviews/{id}', { id: 'a/b' }],
    ['POST /v1/reviews/next', 'POST /v1/reviews/next', undefined],
    ['GET /v1/x/of/y', 'GET /v1/{a}/of/{b}', { a: 'x', b: 'y' }],
  ])('%s is %s', (requested, routeKey, pathParameters) => {
    expect(matchRoute(routes, requested)).toEqual({ route: { routeKey }, pathParameters });
  });

  it.each([
    ...['GET /v1/checks', 'POST /v1', 'POST /v1/reviews', 'POST /v1/reviews/'],
    ...['POST /v1/reviews/r-1/more', 'DELETE /v1/reviews/r-1', 'GET /v1/x/for/y'],
  ])('%s is none', (requested) => {
    expect(matchRoute(routes, requested)).toBeUndefined();
  });
});
