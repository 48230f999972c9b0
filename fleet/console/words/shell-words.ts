/** A name comes from a machine: in a shell it must stay one word, whatever stands in it. */
export function shellQuote(name: string): string {
  return /^[a-zA-Z0-9._/=~-]+$/.test(name) && !name.startsWith("-")
    ? name
    : `'${name.replaceAll("'", `'\\''`)}'`;
}
