import { mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Adapter, adapterEnvironment, type AdapterSight, type Problems } from "./adapter.ts";
import { hasProcesses } from "./control-group.ts";
import type { OrderName } from "./host-control.ts";
import {
  isTemplate,
  isUnitName,
  parseUnitFiles,
  parseUnits,
  type Unit,
  unitProperties,
  workloadOf,
} from "./parse-units.ts";
import { type ProgramEnd, runProgram } from "./run-program.ts";

export interface SystemdParts {
  /** Globs of systemctl(1): `photo-*.service`. */
  readonly patterns: readonly string[];
  /** What to do where this user may not write bars. */
  readonly advice?: string;
  /** Where bars are written; a test has its own. */
  readonly unitFolder?: string;
  /** A test has its own. */
  readonly hasProcesses?: (controlGroup: string) => boolean;
  /** A test has its own. */
  readonly systemctl?: (args: readonly string[], timeoutMs: number) => Promise<ProgramEnd>;
}

const askMs = 10_000;
const actMs = 30_000;
const outputBytesMax = 4 * 1024 * 1024;
const barName = "90-wws-fence.conf";
/** Arguments of one call stay far below what the kernel takes. */
const unitsPerCall = 200;

/**
 * Work that runs as systemd units. The fence is a *bar*: a drop-in with an assertion that cannot
 * hold, so that a start fails and says why. A unit that runs is barred only when it is stopped, so
 * that it may restart until then. Bars lie in /etc and outlive a reboot (docs/decisions/0014).
 */
export function createSystemdUnits(parts: SystemdParts): Adapter {
  const { patterns, unitFolder = "/etc/systemd/system", advice = adviceForRoot } = parts;
  const systemctl = parts.systemctl ?? runSystemctl;

  const tellUnit = (unit: Unit) => workloadOf(unit, parts.hasProcesses ?? hasProcesses);

  const show = async (
    which: readonly string[] = patterns,
  ): Promise<{ units: readonly Unit[]; problem: string | null }> => {
    const properties = `--property=${unitProperties.join(",")}`;
    const end = await systemctl(["show", properties, "--all", "--", ...which], askMs);
    const problem = problemOf("show", end);
    if (end.kind !== "exited" || problem !== null) return { units: [], problem };
    const { units, isCut } = parseUnits(end.out);
    return { units, problem: isCut ? "there are more units than can be told" : null };
  };

  const list = async (): Promise<AdapterSight> => {
    const { units, problem } = await show();
    return { workloads: units.filter(isLoaded).map(tellUnit), problem };
  };

  /** Writes a bar for each; they count from the next reload. */
  const bar = (names: readonly string[], { operationId, epoch }: OrderName): Problems => {
    try {
      for (const name of names) {
        const folder = join(unitFolder, `${name}.d`);
        mkdirSync(folder, { recursive: true });
        // A bar that a power cut takes away would be none.
        writeFileSync(join(folder, barName), barText(operationId, epoch), { flush: true });
      }
      return [];
    } catch (error) {
      return [`${unitFolder} takes no bar (${codeOf(error)}): ${advice}`];
    }
  };

  const reload = async (): Promise<Problems> => {
    const problem = problemOf("daemon-reload", await systemctl(["daemon-reload"], actMs));
    return problem === null ? [] : [problem];
  };

  /** What every unit of `names` is told, a few hundred at a time. */
  const tell = async (verb: readonly string[], names: readonly string[]): Promise<Problems> => {
    const problems: string[] = [];
    for (let from = 0; from < names.length; from += unitsPerCall) {
      const some = names.slice(from, from + unitsPerCall);
      const problem = problemOf(verb[0] ?? "", await systemctl([...verb, "--", ...some], actMs));
      if (problem !== null) problems.push(problem);
    }
    return problems;
  };

  /**
   * All but those that systemd no longer knows: a scope, or what `systemd-run` began, went with its
   * processes, and asking for it again would never help.
   */
  const startable = async (
    asked: readonly string[],
  ): Promise<{ names: readonly string[]; problem: string | null }> => {
    const gone = new Set<string>();
    for (let from = 0; from < asked.length; from += unitsPerCall) {
      const { units, problem } = await show(asked.slice(from, from + unitsPerCall));
      if (problem !== null) return { names: [], problem };
      for (const { id, loadState } of units) if (loadState === "not-found") gone.add(id);
    }
    return { names: asked.filter((name) => !gone.has(name)), problem: null };
  };

  /** Names of unit files that fit, templates among them. */
  const listFiles = async (): Promise<{ known: readonly string[]; problem: string | null }> => {
    const end = await systemctl(
      ["list-unit-files", "--plain", "--no-legend", "--no-pager", "--", ...patterns],
      askMs,
    );
    // With no file that fits, it exits with 1 and says nothing.
    const isNone = end.kind === "exited" && end.code === 1 && end.out.trim() === "";
    const problem = isNone ? null : problemOf("list-unit-files", end);
    const isRead = end.kind === "exited" && problem === null;
    return { known: isRead ? parseUnitFiles(end.out) : [], problem };
  };

  return {
    name: "systemd",
    list,
    fence: async (ask) => {
      const { units, problem } = await show();
      const { known, problem: filesProblem } = await listFiles();
      const asked = problem ?? filesProblem;
      if (asked !== null) return [asked];
      const there = new Set(
        units.filter((unit) => tellUnit(unit).state !== "stopped").map(({ id }) => id),
      );
      const all = new Set([...known, ...units.filter(isLoaded).map(({ id }) => id)]);
      const still = [...all].filter((name) => !there.has(name) && !isTemplate(name));
      if (still.length === 0) return [];
      const problems = bar(still, ask);
      return problems.length > 0 ? problems : reload();
    },
    // Bars lie on the disk.
    holdFence: async () => [],
    evacuate: async (ask) => {
      const names = ask.workloads.filter(isUnitName);
      if (names.length === 0) return [];
      const { known, problem } = await listFiles();
      if (problem !== null) return [problem];
      // All that runs is to stop: from here on an instance that nobody knew must not begin either.
      const barred = bar([...names, ...known.filter(isTemplate)], ask);
      if (barred.length > 0) return barred;
      const reloaded = await reload();
      if (reloaded.length > 0) return reloaded;
      const killed = ask.isHard ? await tell(["kill", "--signal=SIGKILL"], names) : [];
      return [...killed, ...(await tell(["stop", "--no-block"], names))];
    },
    // A unit that is stopping cannot be asked to stay.
    halt: async () => [],
    release: async (ask) => {
      const problems = unbar(unitFolder);
      if (problems.length > 0) return problems;
      const reloaded = await reload();
      if (reloaded.length > 0) return reloaded;
      const { names, problem } = await startable(ask.restart.filter(isUnitName));
      if (problem !== null) return [problem];
      return names.length === 0 ? [] : tell(["start", "--no-block"], socketsFirst(names));
    },
  };
}

/** A socket whose service runs already refuses to start; a service waits for its socket's start. */
function socketsFirst(names: readonly string[]): readonly string[] {
  const isSocket = (name: string): boolean => name.endsWith(".socket");
  return [...names.filter(isSocket), ...names.filter((name) => !isSocket(name))];
}

const adviceForRoot = "run the agent as root";

/** Takes every bar away, whoever's operation it was of: one fence at a time. */
function unbar(unitFolder: string): Problems {
  try {
    for (const entry of readdirSync(unitFolder)) {
      if (!entry.endsWith(".d") || !isUnitName(entry.slice(0, -2))) continue;
      const folder = join(unitFolder, entry);
      rmSync(join(folder, barName), { force: true });
      removeIfEmpty(folder);
    }
    return [];
  } catch (error) {
    return codeOf(error) === "ENOENT" ? [] : [`bars in ${unitFolder} stay (${codeOf(error)})`];
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody else's settings lie there too.
  }
}

function barText(operationId: string, epoch: number): string {
  return `# WWS Fleet: this host is fenced (operation ${operationId}, epoch ${epoch}). Lifted by its manager, or by
# removing this file and \`systemctl daemon-reload\`.
[Unit]
AssertPathExists=/this-host-is-fenced-by-wws-fleet
`;
}

function isLoaded({ loadState, activeState }: Unit): boolean {
  return loadState !== "not-found" || activeState !== "inactive";
}

function problemOf(verb: string, end: ProgramEnd): string | null {
  if (end.kind === "failed") return `systemctl ${verb} ${end.words}`;
  if (end.code === 0) return null;
  const words = end.err.trim().split("\n", 1)[0] ?? "";
  return `systemctl ${verb} ended with ${end.code}${words === "" ? "" : `: ${words.slice(0, 160)}`}`;
}

function runSystemctl(args: readonly string[], timeoutMs: number): Promise<ProgramEnd> {
  return runProgram({
    program: "/usr/bin/systemctl",
    args: ["--no-pager", "--no-ask-password", ...args],
    input: "",
    timeoutMs,
    outputBytesMax,
    env: { ...adapterEnvironment, SYSTEMD_COLORS: "0" },
    signal: null,
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
