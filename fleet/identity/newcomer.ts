import type { UnixMs } from "#proto/vocabulary/units.ts";
import { everything } from "./grants.ts";
import type { StoredUser } from "./people-store.ts";

/** Somebody who may do everything, for profile `lab`: a link was made for a name that nobody has. */
export function newcomer(name: string, createdMs: UnixMs): StoredUser {
  return {
    name,
    displayName: name,
    kind: "person",
    isDisabled: false,
    grants: everything,
    passwordHash: null,
    createdMs,
    version: 1,
  };
}
