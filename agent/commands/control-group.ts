import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { errorCode } from "./trusted-path.ts";

const mountPoint = "/sys/fs/cgroup";

/**
 * Whether a process lives in a control group or below it (cgroups(7)): the unified hierarchy says so
 * in a word; of the old one, systemd's own is counted. `root` is another folder in tests. What cannot
 * be read is not empty.
 */
export function hasProcesses(controlGroup: string, root: string = mountPoint): boolean {
  for (const hierarchy of ["", "unified"]) {
    const events = read(join(root, hierarchy, controlGroup, "cgroup.events"));
    if (events !== null) return !/^populated 0$/m.test(events);
  }
  return isPopulated(join(root, "systemd", controlGroup));
}

function isPopulated(folder: string): boolean {
  if ((read(join(folder, "cgroup.procs")) ?? "").trim() !== "") return true;
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.some((entry) => entry.isDirectory() && isPopulated(join(folder, entry.name)));
  } catch (error) {
    return errorCode(error) !== "ENOENT";
  }
}

/** null: not there. A file that is there and cannot be read says something, and not that it is empty. */
function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = errorCode(error);
    return code === "ENOENT" || code === "ENODEV" ? null : code;
  }
}
