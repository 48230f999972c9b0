import { existsSync, readFileSync } from "node:fs";
import type { Adapter, Problems } from "./adapter.ts";
import { adapterEnvironment } from "./adapter.ts";
import { findHooks, type RunHook } from "./hook-folder.ts";
import type { ControlAnswer, HostControl, HostSight } from "./host-control.ts";
import { runProgram } from "./run-program.ts";
import { createSystemdUnits } from "./systemd-units.ts";
import { tenantMountsIn } from "./tenant-mounts.ts";
import { isAbsent } from "./trusted-path.ts";

export interface LiveHostControlParts {
  /** Globs of units; empty: none are ours. */
  readonly systemd: readonly string[];
  /** Folders of hooks; the first that is there counts, also where it cannot be read. */
  readonly hooks: readonly string[];
  readonly tenantMounts: readonly string[];
  readonly uid: number;
  /** Units are told and not touched: another process acts on them. */
  readonly unitsOnlySeen?: boolean;
  /** How a hook is run; not given: as a child of this process. */
  readonly runHook?: RunHook;
}

/** There while PID 1 is systemd: sd_booted(3). */
const systemdRuns = "/run/systemd/system";

export function createLiveHostControl(parts: LiveHostControlParts): HostControl {
  const { uid, tenantMounts } = parts;
  const advice = uid === 0 ? "is /etc read-only?" : notConfigured("units");
  const able = createSystemdUnits({ patterns: parts.systemd, advice });
  const seen = parts.unitsOnlySeen === true ? onlySeen(able) : able;
  const units = parts.systemd.length > 0 ? seen : null;

  /** Asked anew each time: hooks may have come or gone. */
  const adapters = (): {
    readonly all: readonly Adapter[];
    readonly refused: readonly string[];
  } => {
    const folder = parts.hooks.find((path) => !isAbsent(path));
    const { hooks, refused } =
      folder === undefined ? { hooks: [], refused: [] } : findHooks(folder, uid, parts.runHook);
    return { all: units === null ? hooks : [units, ...hooks], refused };
  };

  /** All at once; what is refused is a problem of every act. */
  const each = async (act: (adapter: Adapter) => Promise<Problems>): Promise<ControlAnswer> => {
    const { all, refused } = adapters();
    const answers = await Promise.all(
      all.map(async (adapter) =>
        (await act(adapter)).map((problem) => `${adapter.name}: ${problem}`),
      ),
    );
    return { problems: [...refused, ...answers.flat()] };
  };

  const look = async (): Promise<HostSight> => {
    const { all, refused } = adapters();
    const sights = await Promise.all(
      all.map(async (adapter) => ({ name: adapter.name, ...(await adapter.list()) })),
    );
    const mounts = readMounts(tenantMounts);
    const problems = sights.flatMap(({ name, problem }) =>
      problem === null ? [] : [`${name}: ${problem}`],
    );
    return {
      workloads: sights.flatMap(({ name, workloads }) =>
        workloads.map((workload) => ({ ...workload, name: `${name}:${workload.name}` })),
      ),
      tenantMounts: mounts.found,
      unasked: [...refused, ...problems, ...mounts.problems],
      note: all.length > 0 || refused.length > 0 ? "" : noAdapterNote,
    };
  };

  return {
    look,
    fence: (ask) => each((adapter) => adapter.fence(ask)),
    holdFence: (ask) => each((adapter) => adapter.holdFence(ask)),
    evacuate: (ask, signal) =>
      each((adapter) => {
        const workloads = ownOf(adapter, ask.workloads);
        return workloads.length === 0
          ? Promise.resolve([])
          : adapter.evacuate({ ...ask, workloads }, signal);
      }),
    halt: (ask) => each((adapter) => adapter.halt(ask)),
    release: (ask) =>
      each((adapter) => adapter.release({ ...ask, restart: ownOf(adapter, ask.restart) })),
    whyNoReboot: () => whyNotBooted() ?? (uid === 0 ? null : notConfigured("reboot")),
    reboot: async () => {
      const end = await runProgram({
        program: "/usr/bin/systemctl",
        args: ["--no-ask-password", "reboot"],
        input: "",
        timeoutMs: 10_000,
        outputBytesMax: 65_536,
        env: adapterEnvironment,
        signal: null,
      });
      if (end.kind === "failed") return { problems: [`systemctl reboot ${end.words}`] };
      if (end.code === 0) return { problems: [] };
      const words = end.err.trim().split("\n", 1)[0] ?? "";
      return { problems: [`systemctl reboot ended with ${end.code}: ${words.slice(0, 160)}`] };
    },
  };
}

/** null: process 1 can be told to restart the system. */
export function whyNotBooted(): string | null {
  return existsSync(systemdRuns)
    ? null
    : "process 1 of this host is not systemd: it cannot be restarted from within";
}

/** Neither empty nor proven by silence: it says what it rests on. */
export const noAdapterNote =
  "no adapter is configured here ([drain] in agent.toml): this agent knows of no workloads";

/** What root has to write for this to be done by its helper; an agent without rights says it. */
export function notConfigured(what: "units" | "hooks" | "reboot"): string {
  return `not configured: root's helper may not do it; write may = ["${what}"] into [hands] of /etc/wws-fleet/agent.toml, then systemctl restart wws-agent`;
}

function onlySeen({ name, list }: Adapter): Adapter {
  const nothing = async (): Promise<Problems> => [];
  const [fence, holdFence, evacuate, halt, release] = [nothing, nothing, nothing, nothing, nothing];
  return { name, list, fence, holdFence, evacuate, halt, release };
}

function ownOf(adapter: Adapter, names: readonly string[]): readonly string[] {
  const start = `${adapter.name}:`;
  return names.filter((name) => name.startsWith(start)).map((name) => name.slice(start.length));
}

function readMounts(patterns: readonly string[]): { found: readonly string[]; problems: string[] } {
  if (patterns.length === 0) return { found: [], problems: [] };
  try {
    const text = readFileSync("/proc/self/mountinfo", "utf8");
    return { found: tenantMountsIn(text, patterns), problems: [] };
  } catch (error) {
    return {
      found: [],
      problems: [`mounts: /proc/self/mountinfo cannot be read (${String(error)})`],
    };
  }
}
