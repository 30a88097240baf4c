import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { pepperFrom } from '../../lib/adapters/secrets-manager/secrets.ts';
import { parseEmailAddress } from '../../lib/domain/contact-point/email-address.ts';
import { parsePhoneNumber } from '../../lib/domain/contact-point/phone-number.ts';
import { type Token, tokenOf } from '../../lib/domain/contact-point/token.ts';
import type { Connection } from './connection.ts';

/**
 * The token of a number or an address that an operator typed.
 *
 * @throws Error that says why it cannot be read.
 */
export async function tokenFor(
  { aws, endpoints }: Connection,
  contact: string,
  defaultRegion: string | undefined,
): Promise<Token> {
  const contactPoint = contact.includes('@')
    ? parseEmailAddress(contact)
    : parsePhoneNumber(contact, defaultRegion);
  if (contactPoint.kind === 'unreadable') {
    const hint = contactPoint.cause === 'NO_REGION' ? '; write it with +, or give --region' : '';
    throw new Error(`The contact point cannot be read (${contactPoint.cause})${hint}.`);
  }
  const pepper = pepperFrom(new SecretsManagerClient(aws), endpoints.secrets.pepper);
  return tokenOf(await pepper(), contactPoint);
}
