/** One line of a CSV report that people open in a spreadsheet (RFC 4180). No text in it is run as a formula. */
export function reportLine(cells: readonly (string | number)[]): string {
  const fields = cells.map((cell) =>
    typeof cell === 'number' ? String(cell) : `"${formulaSafe(cell).replaceAll('"', '""')}"`,
  );
  return `${fields.join(',')}\r\n`;
}

/** OWASP, CSV Injection: a cell that begins with one of these is run as a formula; full-width forms are read alike. */
function formulaSafe(cell: string): string {
  return /^[\s\0]*[=+\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20]/.test(cell) ? `'${cell}` : cell;
}
