const form = /^\/redfish\/v1(?:\/[A-Za-z0-9._~:@%+ ,()=&$-]{1,128}){0,20}\/?$/;

/**
 * The path that a link, or a Location with or without its host, leads to below /redfish/v1, without
 * fragment; null where it leads anywhere else. Nothing that a service says sends us to another host.
 */
export function safePath(link: string | null | undefined): string | null {
  if (typeof link !== "string" || link.length > 512) return null;
  const path = link
    .replace(/^https?:\/\/[^/?#]*/i, "")
    .replace(/#.*$/, "")
    .replace(/(?<=.)\/$/, "");
  if (!form.test(path)) return null;
  return path.split("/").some((part) => part === "." || part === "..") ? null : path;
}

/** A further page of the same collection. */
export function safePage(collection: string, next: unknown): string | null {
  if (typeof next !== "string" || next.length > 512) return null;
  const [path = "", query = ""] = next.replace(/^https?:\/\/[^/?#]*/i, "").split("?", 2);
  if (safePath(path) !== collection.replace(/\?.*$/, "")) return null;
  return /^[A-Za-z0-9$=&%._-]{1,128}$/.test(query) ? `${path}?${query}` : null;
}
