/**
 * A whole number that differs between hosts and stays for each: spreads their looks over the second
 * and their reports over the interval. FNV-1a, 32 bits, with a last mix so that close ids lie apart.
 */
export function spreadOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193) >>> 0;
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
  return (hash ^ (hash >>> 13)) >>> 0;
}
