/** What a token may hold; one beyond it is refused before it is read. */
export const tokenLimits = {
  bytesMax: 64 * 1024,
  /** More than any server has. */
  disksMax: 256,
  macsMax: 64,
  /** One root disk, or two as a mirror. */
  rootDisksMax: 2,
  textCharactersMax: 256,
  planHostsMax: 1_000_000,
  /** Between the first and the last moment at which it may begin. */
  startWindowMsMax: 24 * 60 * 60 * 1_000,
} as const;
