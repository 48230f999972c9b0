import type { EraseClass } from "#proto/messages/reimage-token.ts";
import type { EraseAbilities } from "./disk-port.ts";
import { type EraseMethod, type EraseTable, eraseTable } from "./erase-method.ts";

/**
 * The ways in which a drive can do its class, the best first; empty: it cannot, and nothing weaker
 * is done instead. Decided by what its capability bits say, before anything is written anywhere.
 */
export function chooseMethods(
  eraseClass: EraseClass,
  { methods }: Pick<EraseAbilities, "methods">,
  table: EraseTable = eraseTable,
): readonly EraseMethod[] {
  return table[eraseClass].filter((method) => method === "overwrite" || methods.includes(method));
}
