/** Four digits and a prefix that a person can read. Bytes in powers of 1024, as memory is sold. */
export function formatQuantity(value: number, unit: string): string {
  if (unit === "1") return String(Number(value.toFixed(4)));
  const isBytes = unit.startsWith("By");
  const step = 1024;
  let scaled = value;
  let prefix = 0;
  while (isBytes && Math.abs(scaled) >= step && prefix < prefixes.length - 1) {
    scaled /= step;
    prefix += 1;
  }
  const word = isBytes ? `${prefixes[prefix]}${unit.replace("By", "B")}` : plainUnit(unit);
  return `${Number(scaled.toPrecision(4))} ${word}`.trim();
}

/** `{error}/s` of UCUM is errors a second. */
function plainUnit(unit: string): string {
  return unit.replace(/\{(\w+)\}/g, "$1").replace(/^Cel\b/, "°C");
}

const prefixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi"] as const;
