import { XMLParser } from 'fast-xml-parser';
import type * as z from 'zod';
import { S3Error } from './errors.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  // Keys with control characters travel as &#13; and the like.
  htmlEntities: true,
  isArray: (name) => name === 'Part' || name === 'Object',
});

/** An element with text, or with children that are already XML. Undefined children leave no trace. */
export function element(
  name: string,
  content: string | number | boolean | readonly (string | undefined)[],
): string {
  const inner = Array.isArray(content) ? content.join('') : escapeText(String(content));
  return `<${name}>${inner}</${name}>`;
}

/** As `element`, or nothing where the value is undefined. */
export function optionalElement(
  name: string,
  value: string | number | boolean | undefined,
): string | undefined {
  return value === undefined ? undefined : element(name, value);
}

/** A whole response document in S3's namespace. */
export function document(name: string, children: readonly (string | undefined)[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="${NAMESPACE}">${children.join('')}</${name}>`;
}

/** The error document, which has no namespace. */
export function errorDocument(
  code: string,
  message: string,
  details: Readonly<Record<string, string>>,
): string {
  const children = Object.entries({ Code: code, Message: message, ...details }).map(([k, v]) =>
    element(k, v),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('Error', children)}`;
}

/** Reads a request document through a schema of its root element; anything else is MalformedXML. */
export function parseDocument<T>(text: string, schema: z.ZodType<T>): T {
  const malformed = new S3Error(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate.',
  );
  let parsed: unknown;
  try {
    parsed = parser.parse(text, true);
  } catch {
    throw malformed;
  }
  const result = schema.safeParse(parsed);
  if (!result.success) throw malformed;
  return result.data;
}

function escapeText(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: S3 answers keys with control characters as references
    /[&<>"\u0000-\u001f\u007f]/g,
    (character) => ENTITIES[character] ?? `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`,
  );
}
