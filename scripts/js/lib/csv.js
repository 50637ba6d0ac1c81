// Comma-separated values, as RFC 4180 has them.

/** Rows of values as text: fields quoted where they need it, each line ended by CR and LF. Null is an empty field. */
export function csv(rows) {
  return rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(value) {
  const text = value === null || value === undefined ? '' : String(value);

  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
