import * as z from 'zod';
import { Audience, Channel, Product, Purpose, Seller, Technology } from '../../lib/domain/vocabulary.ts';

/** Genesys sends every mapped column as a string; an empty cell is no value. */
const Text = z
  .string()
  .max(512)
  .nullish()
  .transform((text) => text?.trim() || undefined);

const upperCase = (value: unknown) => (typeof value === 'string' ? value.trim().toUpperCase() : value);

const upperCaseOrNone = (value: unknown) => upperCase(value) || undefined;

const Country = z
  .string()
  .toUpperCase()
  .regex(/^[A-Z]{2}$/);

const Numbers = z.union([
  z.array(z.string().max(512)).max(100),
  z
    .string()
    .max(8192)
    .transform((text) => text.split(/[,;]/)),
]);

/** Numbers of one contact that one check can decide. */
export const MAX_PHONE_NUMBERS = 10;

/**
 * What a check reads. `phoneNumber2` to `phoneNumber10` are there because a pre-call rule maps each phone column of a
 * contact list to an input of its own. Anything else in the input is not read.
 */
const Input = z.object({
  phoneNumber: Text,
  phoneNumber2: Text,
  phoneNumber3: Text,
  phoneNumber4: Text,
  phoneNumber5: Text,
  phoneNumber6: Text,
  phoneNumber7: Text,
  phoneNumber8: Text,
  phoneNumber9: Text,
  phoneNumber10: Text,
  phoneNumbers: Numbers.nullish(),
  email: Text,
  channel: z.preprocess(upperCase, Channel),
  purpose: z.preprocess(upperCase, Purpose),
  seller: Text.pipe(Seller.optional()),
  /** Without it the rules for consumers and those for businesses apply. */
  audience: z.preprocess(upperCaseOrNone, Audience.optional()),
  /** Without it the rules for every technology apply: those for machines too. */
  technology: z.preprocess(upperCaseOrNone, Technology.optional()),
  /** Without it the rules for every product apply. */
  product: z.preprocess(upperCaseOrNone, Product.optional()),
  /** Whether the message keeps to the terms of the soft opt-in (Directive 2002/58/EC Art 13(2)). */
  softOptIn: z.union([
    z.boolean(),
    Text.pipe(z.stringbool({ truthy: ['true'], falsy: ['false'] }).optional()),
  ]),
  defaultRegion: Text.pipe(Country.optional()),
  /** State or province of the called party: `FL`, `US-FL`. Its rules and its time zones count beside the number's own. */
  calledPartyRegion: Text,
  /** Postal code of the called party, read for North American numbers: it counts as its state does. */
  postalCode: Text,
  campaignId: Text,
  contactListId: Text,
  contactId: Text,
  conversationId: Text,
  requestId: Text,
});

export const CheckInput = Input.transform((input) => {
  const columns = Object.entries(input).flatMap(([name, value]) =>
    /^phoneNumber\d*$/.test(name) && typeof value === 'string' ? [value] : [],
  );
  const listed = (input.phoneNumbers ?? []).filter((number) => number.trim() !== '');
  return { ...input, phoneNumbers: [...columns, ...listed] };
}).refine(({ phoneNumbers }) => phoneNumbers.length <= MAX_PHONE_NUMBERS, {
  path: ['phoneNumbers'],
  message: `expected at most ${MAX_PHONE_NUMBERS} phone numbers`,
});

export type CheckInput = z.infer<typeof CheckInput>;
