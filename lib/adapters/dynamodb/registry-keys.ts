import { placeOf } from '../../domain/registry/block.ts';

/** Key of the item that holds the block of a number. */
export function blockKey(registry: string, e164: string): string {
  return `${registry}#${placeOf(e164).prefix}`;
}

/** Key of the item that says which version of a registry is in use. */
export function versionKey(registry: string): string {
  return `${registry}#`;
}
