import { existsSync, readFileSync } from "node:fs";
import type { Adapter, Problems } from "./adapter.ts";
import { adapterEnvironment } from "./adapter.ts";
import { findHooks } from "./hook-folder.ts";
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
}

/** There while PID 1 is systemd: sd_booted(3). */
const systemdRuns = "/run/systemd/system";

export function createLiveHostControl(parts: LiveHostControlParts): HostControl {
  const { uid, tenantMounts } = parts;
  const units = parts.systemd.length > 0 ? createSystemdUnits({ patterns: parts.systemd }) : null;

  /** Asked anew each time: hooks may have come or gone. */
  const adapters = (): {
    readonly all: readonly Adapter[];
    readonly refused: readonly string[];
  } => {
    const folder = parts.hooks.find((path) => !isAbsent(path));
    const { hooks, refused } =
      folder === undefined ? { hooks: [], refused: [] } : findHooks(folder, uid);
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
    whyNoReboot: () => {
      if (!existsSync(systemdRuns)) {
        return "process 1 of this host is not systemd: it cannot be restarted from within";
      }
      if (uid !== 0) return "this agent does not run as root, and only root may restart the system";
      return null;
    },
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

/** Neither empty nor proven by silence: it says what it rests on. */
export const noAdapterNote =
  "no adapter is configured here ([drain] in agent.toml): this agent knows of no workloads";

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
