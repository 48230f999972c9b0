import { InvalidArgumentError } from "commander";

/** An argument that counts something. Throws what commander tells the person. */
export function readCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) {
    throw new InvalidArgumentError("write a whole number from 1.");
  }
  return count;
}
