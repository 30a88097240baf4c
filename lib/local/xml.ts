export type XmlValue = string | { readonly [name: string]: XmlValue };

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** One element with its children, in the order given; text is escaped. */
export function xml(name: string, value: XmlValue, namespace?: string): string {
  const attribute = namespace === undefined ? '' : ` xmlns="${escapeXml(namespace)}"`;
  return `<${name}${attribute}>${content(value)}</${name}>`;
}

function content(value: XmlValue): string {
  if (typeof value === 'string') return escapeXml(value);
  return Object.entries(value)
    .map(([name, child]) => xml(name, child))
    .join('');
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character);
}
