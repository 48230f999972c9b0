/** The only door to randomness. Production hands in crypto's, tests a seeded one. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Fresh random bytes; secrets are made of these, so production must be cryptographic. */
  bytes(count: number): Uint8Array;
}
