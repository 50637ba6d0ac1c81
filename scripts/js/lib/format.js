// Amounts and numbers for people to read.

const UNIT = 10n ** 12n;

/** An amount in its smallest unit as coins, e.g. `1,234.5 GPEG`. */
export function coins(amount) {
  const value = BigInt(amount.toString());
  const sign = value < 0n ? '-' : '';
  const units = value < 0n ? -value : value;
  const fraction = (units % UNIT).toString().padStart(12, '0').replace(/0+$/, '');

  return `${sign}${grouped(units / UNIT)}${fraction ? `.${fraction}` : ''} GPEG`;
}

/** A whole number with commas. */
export function grouped(value) {
  return value.toString().replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Lines of two columns. */
export function printRows(rows) {
  const width = Math.max(...rows.map(([name]) => name.length));

  for (const [name, value] of rows) {
    console.log(`  ${name.padEnd(width)}  ${value}`);
  }
}

/** An amount or a price in coins, e.g. `0.42`, in the smallest unit; fails beyond twelve decimals. */
export function unitsOf(text) {
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d{1,12}))?$/.exec(text) ?? [];

  if (whole === undefined) {
    throw new Error(`${text} is no number of coins with up to twelve decimals`);
  }

  return BigInt(whole) * UNIT + BigInt(fraction.padEnd(12, '0'));
}
