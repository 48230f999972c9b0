import { Type } from "typebox";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import { nearestNames } from "./near-names.ts";
import { ApiError } from "./problems.ts";
import type { Sight } from "./sight.ts";

export const hostParams = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 128, description: "the host's id or name" }),
});

/** The same for whoever sees it: the others are told of nothing, nor of names that they may not see. */
export async function requireVisibleHost(
  inventory: Inventory,
  idOrName: string,
  sight: Sight,
): Promise<HostRecord> {
  const host = await inventory.resolve(idOrName);
  if (host !== undefined && sight.sees(host)) return host;
  throw await unknownHost(inventory, idOrName, sight);
}

/** By id or name, where it is known already that the asker may see it. Throws `host-unknown`, with names that look alike. */
export async function requireHost(inventory: Inventory, idOrName: string): Promise<HostRecord> {
  const host = await inventory.resolve(idOrName);
  if (host !== undefined) return host;
  // Gone since it was looked for.
  throw new ApiError("host-unknown", `there is no host "${idOrName}"`);
}

async function unknownHost(
  inventory: Inventory,
  idOrName: string,
  sight: Sight,
): Promise<ApiError> {
  const visible = (await inventory.hosts()).filter((record) => sight.sees(record));
  const names = visible.map((record) => record.name);
  const near = nearestNames(idOrName, names);
  return new ApiError("host-unknown", `there is no host "${idOrName}"`, {
    ...(near.length === 0 ? {} : { hint: `did you mean ${near.join(" or ")}?` }),
  });
}
