import type { Workload } from "#proto/messages/orders.ts";

/** What `systemctl show` is asked for. */
export const unitProperties = [
  "Id",
  "LoadState",
  "ActiveState",
  "SubState",
  "Result",
  "MainPID",
  "ControlGroup",
] as const;

export interface Unit {
  readonly id: string;
  readonly loadState: string;
  readonly activeState: string;
  readonly subState: string;
  readonly result: string;
  readonly mainPid: number | null;
  /** Of its control group below the root of them; of a unit that is over only while one is left. */
  readonly controlGroup: string | null;
}

/** Units in one answer; what is beyond is cut, and the caller is told. */
export const unitsMax = 4_096;

/**
 * `systemctl show --property=… PATTERN` → units: blocks of `Key=value`, an empty line between two.
 * A block without a usable Id is left out; of a key that stands twice the first counts.
 */
export function parseUnits(text: string): { readonly units: readonly Unit[]; isCut: boolean } {
  const units = new Map<string, Unit>();
  let block = new Map<string, string>();
  let isCut = false;
  const close = (): void => {
    const id = block.get("Id") ?? "";
    if (isUnitName(id) && !units.has(id)) {
      if (units.size >= unitsMax) isCut = true;
      else units.set(id, unitOf(id, block));
    }
    block = new Map();
  };
  for (const line of text.split("\n")) {
    if (line.trim() === "") {
      close();
      continue;
    }
    const at = line.indexOf("=");
    if (at <= 0) continue;
    const key = line.slice(0, at);
    // Two blocks may stand together without the line between: an Id begins one.
    if (key === "Id" && block.has("Id")) close();
    if (!block.has(key)) block.set(key, line.slice(at + 1).trim());
  }
  close();
  return { units: [...units.values()], isCut };
}

/** Names of `systemctl list-unit-files --plain --no-legend`: the first word of each line. */
export function parseUnitFiles(text: string): readonly string[] {
  const names = text.split("\n").map((line) => line.trim().split(/[ \t]/, 1)[0] ?? "");
  return [...new Set(names.filter(isUnitName))].slice(0, unitsMax);
}

/** systemd.unit(5): letters, digits, `:-_.\@`, at most 255, with a type; never a path or an option. */
export function isUnitName(name: string): boolean {
  return (
    /^[A-Za-z0-9:_.\\@][A-Za-z0-9:_.\\@-]{0,240}\.[a-z]{4,10}$/.test(name) && !name.includes("..")
  );
}

/** A template is no unit: only its instances run. */
export function isTemplate(name: string): boolean {
  return /@\.[a-z]+$/.test(name);
}

/** `hasProcesses`: of a control group; asked only of units that are over. */
export function workloadOf(
  unit: Unit,
  hasProcesses: (controlGroup: string) => boolean = () => false,
): Workload {
  const { id, activeState, subState, result, mainPid } = unit;
  const pid = mainPid === null ? "" : `, pid ${mainPid}`;
  const failed = result !== "" && result !== "success" ? `, ${result}` : "";
  const state = stateOf(unit, hasProcesses);
  const left = state === "stuck" ? "; processes are left in its control group" : "";
  return { name: id, state, detail: `${activeState} (${subState})${pid}${failed}${left}` };
}

/**
 * What is not plainly over counts as there. A unit that is over may have left processes behind
 * (`KillMode=process`): they are its work still.
 */
function stateOf(
  { activeState, controlGroup }: Unit,
  hasProcesses: (controlGroup: string) => boolean,
): Workload["state"] {
  if (activeState === "inactive" || activeState === "failed") {
    return controlGroup !== null && hasProcesses(controlGroup) ? "stuck" : "stopped";
  }
  return activeState === "deactivating" ? "stopping" : "running";
}

/** Absolute, without `..`, and not the root of all. */
function isPlainPath(path: string): boolean {
  return /^(?:\/[^/]+)+$/.test(path) && !path.split("/").includes("..");
}

function unitOf(id: string, block: ReadonlyMap<string, string>): Unit {
  const pid = Number(block.get("MainPID"));
  const controlGroup = block.get("ControlGroup") ?? "";
  return {
    id,
    loadState: block.get("LoadState") ?? "",
    activeState: block.get("ActiveState") || "unknown",
    subState: block.get("SubState") || "unknown",
    result: block.get("Result") ?? "",
    mainPid: Number.isSafeInteger(pid) && pid > 0 ? pid : null,
    controlGroup: isPlainPath(controlGroup) ? controlGroup : null,
  };
}
