import { Type } from "typebox";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import { nearestNames } from "./near-names.ts";
import { ApiError } from "./problems.ts";

export const hostParams = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 128, description: "the host's id or name" }),
});

/** By id or name. Throws `host-unknown`, with names that look alike. */
export async function requireHost(inventory: Inventory, idOrName: string): Promise<HostRecord> {
  const host = await inventory.resolve(idOrName);
  if (host !== undefined) return host;
  const names = (await inventory.hosts()).map((record) => record.name);
  const near = nearestNames(idOrName, names);
  throw new ApiError("host-unknown", `there is no host "${idOrName}"`, {
    ...(near.length === 0 ? {} : { hint: `did you mean ${near.join(" or ")}?` }),
  });
}
