import type { Accepted } from "#fleet/boot-loop/bmc-driver.ts";
import type { RedfishReply } from "./client.ts";
import { safePath } from "./links.ts";

/** The Task itself where it is named: some delete a task when its monitor is read. */
export function accepted({ status, headers, json }: RedfishReply, sent: string): Accepted {
  const type = json?.["@odata.type"];
  const ownId = json?.["@odata.id"];
  const isTask = typeof type === "string" && /^#(?:Task|Job|DellJob)\./.test(type);
  const ofBody = isTask && typeof ownId === "string" ? safePath(ownId) : null;
  const location = safePath(headers["location"]);
  const isOfTask = location !== null && /\/(?:Tasks|TaskMonitors|Jobs)\//.test(location);
  const ofHeader = status === 202 || isOfTask ? location : null;
  return { taskUri: ofBody ?? ofHeader, sent };
}
