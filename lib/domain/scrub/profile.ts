import * as z from 'zod';
import { Audience, Channel, isOpaque, Product, Purpose, Seller, Technology } from '../vocabulary.ts';

const ColumnName = z.string().min(1).max(256);

/** A profile's name: it is part of object keys and of the log, so nothing that could be a path or a number. */
export const ProfileName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'expected 1-64 of A-Z a-z 0-9 _ -')
  .refine(isOpaque, 'expected a name without a run of 7 digits');

/** How the contact lists of one kind are read, and what they are for. */
export const ScrubProfile = z
  .strictObject({
    /** Every column that holds a phone number: a row passes only if none of them is blocked. */
    phoneColumns: z.array(ColumnName).max(50).default([]),
    emailColumns: z.array(ColumnName).max(50).default([]),
    /** ISO 3166-1 alpha-2 of national numbers; without it they cannot be read. */
    defaultRegion: z
      .string()
      .regex(/^[A-Z]{2}$/, 'expected an ISO 3166-1 alpha-2 country')
      .optional(),
    stateColumn: ColumnName.optional(),
    /** Read for North American numbers; it counts as its state does. */
    postalCodeColumn: ColumnName.optional(),
    /** Columns that hold no contact points although their values look like phone numbers, such as account numbers. */
    ignoredColumns: z.array(ColumnName).max(200).default([]),
    channel: Channel,
    purpose: Purpose,
    seller: Seller.optional(),
    /** Without them the rules for every product, every audience and every technology apply. */
    product: Product.optional(),
    audience: Audience.optional(),
    technology: Technology.optional(),
    /** Whether the messages keep to the terms of the soft opt-in. */
    softOptIn: z.boolean().optional(),
    campaignId: z.string().min(1).max(128).optional(),
    delimiter: z.enum([',', ';', '\t', '|']).default(','),
  })
  .refine(
    ({ channel, phoneColumns, emailColumns }) =>
      (channel === 'EMAIL' ? emailColumns : phoneColumns).length > 0,
    'expected at least one column of the kind that the channel reaches',
  )
  .refine((profile) => {
    const named = declaredColumns(profile);
    return new Set(named).size === named.length;
  }, 'expected each column to be named once');
export type ScrubProfile = z.infer<typeof ScrubProfile>;

/** Every column that the profile names. */
export function declaredColumns(
  profile: Pick<
    ScrubProfile,
    'phoneColumns' | 'emailColumns' | 'ignoredColumns' | 'stateColumn' | 'postalCodeColumn'
  >,
): readonly string[] {
  const { phoneColumns, emailColumns, ignoredColumns, stateColumn, postalCodeColumn } = profile;
  const address = [stateColumn, postalCodeColumn].filter((column) => column !== undefined);
  return [...phoneColumns, ...emailColumns, ...ignoredColumns, ...address];
}
