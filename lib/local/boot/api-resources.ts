import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Route } from '../http-api/http-api.ts';
import type { OAuthClient } from '../http-api/identity-provider.ts';
import type { Lambda } from '../lambda/lambda.ts';
import type { ResolvedAssembly } from './resolved-assembly.ts';

const Target = z.string().startsWith('integrations/');
const ApiRoute = z.discriminatedUnion('AuthorizationType', [
  z.object({
    AuthorizationType: z.literal('JWT'),
    RouteKey: z.string(),
    Target,
    AuthorizerId: z.string(),
    AuthorizationScopes: z.array(z.string()),
  }),
  z.object({ AuthorizationType: z.literal('NONE'), RouteKey: z.string(), Target }),
]);
const Integration = z.object({ IntegrationUri: z.string(), PayloadFormatVersion: z.literal('2.0') });
const Authorizer = z.object({
  JwtConfiguration: z.object({ Issuer: z.string(), Audience: z.array(z.string()) }),
});

/** The routes of the HTTP API, each with its authorizer's audience, and the issuer that they trust. */
export function apiRoutes(
  resolved: ResolvedAssembly,
  lambda: Lambda,
): { readonly routes: readonly Route[]; readonly issuer: string } {
  const integrations = new Map(
    resolved
      .ofType('AWS::ApiGatewayV2::Integration')
      .map(({ ref, properties }) => [ref, Integration.parse(properties)]),
  );
  const authorizers = new Map(
    resolved
      .ofType('AWS::ApiGatewayV2::Authorizer')
      .map(({ ref, properties }) => [ref, Authorizer.parse(properties)]),
  );
  const routes = resolved.ofType('AWS::ApiGatewayV2::Route').map(({ properties }) => {
    const route = ApiRoute.parse(properties);
    const integration = integrations.get(route.Target.slice('integrations/'.length));
    const isOpen = route.AuthorizationType === 'NONE';
    const authorizer = isOpen ? undefined : authorizers.get(route.AuthorizerId);
    if (integration === undefined || (authorizer === undefined && !isOpen))
      throw new Error(`${route.RouteKey} leads nowhere.`);
    return {
      routeKey: route.RouteKey,
      scopes: isOpen ? [] : route.AuthorizationScopes,
      audience: authorizer?.JwtConfiguration.Audience,
      invoke: async (event: object): Promise<unknown> => {
        const outcome = await lambda.invoke(integration.IntegrationUri, JSON.stringify(event));
        if (outcome.failed) throw new Error('The function failed.');
        return JSON.parse(outcome.payload);
      },
    };
  });
  const [issuer] = [...authorizers.values()].map(({ JwtConfiguration }) => JwtConfiguration.Issuer);
  if (issuer === undefined) throw new Error('The API has no authorizer.');
  return { routes, issuer };
}

const Client = z.object({ AllowedOAuthScopes: z.array(z.string()) });

/** The user pool's clients; their secrets are made once and kept in `folder`. */
export function oauthClients(resolved: ResolvedAssembly, folder: string): readonly OAuthClient[] {
  const clients = resolved.ofType('AWS::Cognito::UserPoolClient');
  if (clients.length === 0) {
    throw new Error(
      'The template trusts a foreign token issuer, which the local stack cannot be: leave out `jwt`.',
    );
  }
  return clients.map(({ ref, properties }) => {
    const path = join(folder, `client-secret-${ref}`);
    if (!existsSync(path)) writeFileSync(path, randomBytes(32).toString('base64url'), { mode: 0o600 });
    return {
      clientId: ref,
      clientSecret: readFileSync(path, 'utf8'),
      scopes: Client.parse(properties).AllowedOAuthScopes,
    };
  });
}
