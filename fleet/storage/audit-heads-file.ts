import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Type } from "typebox";
import { Value } from "typebox/value";
import type { ExportedHead, HeadsFile } from "#fleet/audit/audit.ts";
import { StoreError } from "./store-error.ts";
import { parseJson } from "./stored-json.ts";
import { writeWholeFile } from "./whole-file.ts";

/** In the data folder: the ends that the audit had, oldest first. */
export const auditHeadsFileName = "audit-head.json";

const headsSchema = Type.Object({
  heads: Type.Array(
    Type.Object({
      seq: Type.Integer({ minimum: 1 }),
      sha256: Type.String({ pattern: "^[0-9a-f]{64}$" }),
      atMs: Type.Number(),
    }),
  ),
});

export function createAuditHeadsFile(dataFolder: string): HeadsFile {
  const path = join(dataFolder, auditHeadsFileName);
  return {
    read: () => (existsSync(path) ? readAuditHeads(path) : []),
    write: (heads) => writeWholeFile(path, `${JSON.stringify({ heads }, null, 1)}\n`, 0o600),
  };
}

/** Throws StoreError `STORE_DAMAGED` where the file is none, and what the system says where there is none. */
export function readAuditHeads(path: string): readonly ExportedHead[] {
  const value = parseJson(readFileSync(path, "utf8"));
  if (Value.Check(headsSchema, value)) return value.heads;
  throw new StoreError(
    "STORE_DAMAGED",
    `${path} holds no heads of the audit; keep it, and take the copy that you exported elsewhere`,
  );
}
