import { timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT } from 'jose';
import * as z from 'zod';

const ALGORITHM = 'RS256';
const LIFETIME_S = 3600;

export type OAuthClient = {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly string[];
};

export type TokenAnswer = { readonly status: number; readonly body: object };

/** Stands in for the Cognito user pool: client credentials in, RS256 access tokens out. */
export type IdentityProvider = {
  /** RFC 6749 section 4.4, as Cognito's /oauth2/token answers. */
  token(authorization: string | undefined, form: URLSearchParams): Promise<TokenAnswer>;
  /** The claims of a token of ours that is in force; throws otherwise. */
  verify(token: string): Promise<Readonly<Record<string, unknown>>>;
};

const StoredKey = z.looseObject({ kty: z.literal('RSA'), n: z.string(), e: z.string() });

/** Opens the provider; its key is kept in `folder`, so that tokens outlive a restart. */
export async function openIdentityProvider(options: {
  readonly folder: string;
  readonly issuer: string;
  readonly clients: readonly OAuthClient[];
}): Promise<IdentityProvider> {
  const key = await signingKey(join(options.folder, 'token-key.json'));
  const signer = await importJWK(key, ALGORITHM);
  const verifier = await importJWK({ kty: key.kty, n: key.n, e: key.e }, ALGORITHM);
  return {
    async token(authorization, form) {
      const [clientId, clientSecret] = credentialsOf(authorization, form);
      const client = options.clients.find((known) => known.clientId === clientId);
      if (client === undefined || !equal(client.clientSecret, clientSecret)) return refusal('invalid_client');
      if (form.get('grant_type') !== 'client_credentials') return refusal('unsupported_grant_type');
      const asked =
        form
          .get('scope')
          ?.split(' ')
          .filter((scope) => scope !== '') ?? client.scopes;
      if (asked.some((scope) => !client.scopes.includes(scope))) return refusal('invalid_scope');
      const access_token = await new SignJWT({
        client_id: clientId,
        scope: asked.join(' '),
        token_use: 'access',
      })
        .setProtectedHeader({ alg: ALGORITHM })
        .setIssuer(options.issuer)
        .setSubject(client.clientId)
        .setIssuedAt()
        .setExpirationTime(`${LIFETIME_S}s`)
        .sign(signer);
      return { status: 200, body: { access_token, expires_in: LIFETIME_S, token_type: 'Bearer' } };
    },
    async verify(token) {
      const { payload } = await jwtVerify(token, verifier, {
        issuer: options.issuer,
        algorithms: [ALGORITHM],
      });
      return payload;
    },
  };
}

async function signingKey(path: string): Promise<z.infer<typeof StoredKey>> {
  if (existsSync(path)) return StoredKey.parse(JSON.parse(readFileSync(path, 'utf8')));
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const key = StoredKey.parse(await exportJWK(privateKey));
  writeFileSync(path, JSON.stringify(key), { mode: 0o600 });
  return key;
}

function credentialsOf(authorization: string | undefined, form: URLSearchParams): readonly [string, string] {
  const basic = /^Basic (.+)$/i.exec(authorization ?? '')?.[1];
  if (basic === undefined) return [form.get('client_id') ?? '', form.get('client_secret') ?? ''];
  const [clientId = '', ...secret] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  return [decoded(clientId), decoded(secret.join(':'))];
}

// RFC 6749, section 2.3.1: both are form-encoded; what is not is nobody's.
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

function equal(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function refusal(error: string): TokenAnswer {
  return { status: 400, body: { error } };
}
