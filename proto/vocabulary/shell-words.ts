/**
 * A name comes from a machine: in a shell it must stay one word, whatever stands in it.
 * Bare only what no shell expands anywhere in a word: a leading ~ is a home, a leading = a program.
 */
export function shellQuote(name: string): string {
  return /^[a-zA-Z0-9_./][a-zA-Z0-9._/=-]*$/.test(name)
    ? name
    : `'${name.replaceAll("'", `'\\''`)}'`;
}
