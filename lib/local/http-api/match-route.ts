/** What stands for the variables of a route's path. */
export type PathParameters = Readonly<Record<string, string>>;

export type MatchedRoute<Route> = {
  readonly route: Route;
  readonly pathParameters: PathParameters | undefined;
};

/**
 * The route that takes a request such as `POST /v1/checks`. A full match goes before one with path variables.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html#http-api-develop-routes.evaluation
 *
 * @throws URIError if what stands for a variable is badly encoded.
 */
export function matchRoute<Route extends { readonly routeKey: string }>(
  routes: readonly Route[],
  requested: string,
): MatchedRoute<Route> | undefined {
  const exact = routes.find(({ routeKey }) => routeKey === requested);
  if (exact !== undefined) return { route: exact, pathParameters: undefined };
  for (const route of routes) {
    const pathParameters = parametersOf(route.routeKey.split('/'), requested.split('/'));
    if (pathParameters !== undefined) return { route, pathParameters };
  }
  return undefined;
}

function parametersOf(template: readonly string[], parts: readonly string[]): PathParameters | undefined {
  const pairs = template.map((name, index) => [name, parts[index] ?? ''] as const);
  const fits = pairs.every(([name, part]) => (isVariable(name) ? part !== '' : name === part));
  if (template.length !== parts.length || !fits) return undefined;
  const variables = pairs.filter(([name]) => isVariable(name));
  return Object.fromEntries(variables.map(([name, part]) => [name.slice(1, -1), decodeURIComponent(part)]));
}

function isVariable(name: string): boolean {
  return name.startsWith('{') && name.endsWith('}');
}
