import { Type } from "typebox";
import { plainSubject } from "./audit-notes.ts";
import { ApiError } from "./problems.ts";
import { defineRoute, type Route } from "./route.ts";
import {
  backupSchema,
  type StoreBackup,
  type StoreCheck,
  storeCheckSchema,
} from "./manager-schemas.ts";

/** What the manager's stores can say and do about themselves; handed in by whoever opened them. */
export interface StoreKeeper {
  /** Reads everything and compares; never repairs. */
  check(): Promise<StoreCheck>;
  /** Writes a consistent copy of all data into a fresh folder beneath the data folder. */
  backup(): Promise<StoreBackup>;
}

export function createStoreRoutes(keeper: StoreKeeper): readonly Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/store/check",
      access: { who: "api-token", may: "store", of: "cell" },
      tag: "store",
      summary: "Check the stores",
      description: "Reads the control store and the telemetry blocks; it never repairs.",
      answer: { status: 200, description: "what was found", schema: storeCheckSchema },
      problems: ["store-failed"],
      handle: () => orStoreFailed(keeper.check()),
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/store/backup",
      access: { who: "api-token", may: "store", of: "cell" },
      tag: "store",
      summary: "Back the stores up",
      description:
        "Writes a consistent copy of all data into a fresh folder on the manager's machine, while it " +
        "goes on working.",
      body: Type.Object({}, { additionalProperties: false }),
      answer: { status: 201, description: "where it lies", schema: backupSchema },
      problems: ["store-failed"],
      async handle({ note }) {
        const backup = await orStoreFailed(keeper.backup());
        note({
          action: "store.backup",
          subject: plainSubject("cell", "store"),
          facts: { folder: backup.folder, bytes: backup.bytes },
        });
        return backup;
      },
    }),
  ];
}

/** What the store could not do is a problem that names it. */
export async function orStoreFailed<Answer>(work: Promise<Answer>): Promise<Answer> {
  try {
    return await work;
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new ApiError("store-failed", detail.slice(0, 300), { cause });
  }
}
