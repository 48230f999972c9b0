import type { HostId } from "#proto/vocabulary/ids.ts";

/**
 * A name for a machine that nobody named: what it calls itself, made harmless, or `host-` and the
 * end of its id. `isTaken` decides whether the id's end must be added to tell two apart.
 */
export function nameUnnamedHost(
  hostname: string | null,
  id: HostId,
  isTaken: (name: string) => boolean,
): string {
  const tail = id.slice(-6);
  const own = (hostname ?? "")
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, "-")
    .slice(0, 56)
    .replace(/^[.-]+|[.-]+$/g, "");
  if (own === "") return `host-${tail}`;
  return isTaken(own) ? `${own}-${tail}` : own;
}
