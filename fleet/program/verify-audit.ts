import type { LocalCommands } from "#fleet/cli/terminal.ts";
import { verifyChain } from "#fleet/audit/verify.ts";
import { readAuditFile, readHeadsBeside } from "#fleet/storage/audit-offline.ts";

/** For `wws-fleet audit verify --store FILE`. */
export const verifyAudit: NonNullable<LocalCommands["verifyAudit"]> = async ({
  store,
  heads: wanted,
}) => {
  const { heads } = readHeadsBeside(store, wanted);
  const verdict = await verifyChain(readAuditFile(store), heads);
  return { ...verdict, exported: heads.at(-1) ?? null };
};
