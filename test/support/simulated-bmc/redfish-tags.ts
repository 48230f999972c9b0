import { createHash } from "node:crypto";
import type { RedfishWorld } from "./redfish-inside.ts";

/** What `If-Match` must say; null: this service gives none. */
export function tagOf({ shape }: RedfishWorld, body: unknown): string | null {
  if (shape.etags === "none") return null;
  const tag = createHash("sha1").update(JSON.stringify(body)).digest("hex").slice(0, 12);
  return shape.etags === "weak" ? `W/"${tag}"` : `"${tag}"`;
}

/** Without query, fragment and last slash. */
export function plain(path: string): string {
  return path.replace(/[?#].*$/, "").replace(/(?<=.)\/$/, "");
}
