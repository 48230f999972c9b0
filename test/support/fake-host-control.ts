import type { HostControl, HostSight } from "#agent/commands/host-control.ts";
import type { Workload } from "#proto/messages/orders.ts";

/** A host's work as a world that outlives the agent which looks at it; tests read and change it. */
export interface FakeHost {
  readonly control: HostControl;
  readonly workloads: Map<string, Workload["state"]>;
  /** Each act in order: `fence 7`, `evacuate photo`, `hard photo`, `release photo`. */
  readonly acts: string[];
  isFenced: boolean;
  unasked: readonly string[];
  mounts: readonly string[];
  /** What the next acts answer as problems. */
  problems: readonly string[];
  /** These do not stop when they are asked to. */
  readonly stubborn: Set<string>;
  /** Not even the hard end ends these. */
  readonly immortal: Set<string>;
  reboots: number;
  whyNoReboot: string | null;
  note: string;
}

export function createFakeHost(names: readonly string[]): FakeHost {
  const workloads = new Map<string, Workload["state"]>(names.map((name) => [name, "running"]));
  const answer = () => ({ problems: host.problems });
  const host: FakeHost = {
    workloads,
    acts: [],
    isFenced: false,
    unasked: [],
    mounts: [],
    problems: [],
    stubborn: new Set(),
    immortal: new Set(),
    reboots: 0,
    whyNoReboot: null,
    note: "",
    control: {
      look: async (): Promise<HostSight> => ({
        workloads: [...workloads].map(([name, state]) => ({ name, state, detail: "" })),
        tenantMounts: host.mounts,
        unasked: host.unasked,
        note: host.note,
      }),
      fence: async ({ epoch }) => {
        host.acts.push(`fence ${epoch}`);
        if (host.problems.length === 0) host.isFenced = true;
        return answer();
      },
      holdFence: async ({ epoch }) => {
        host.acts.push(`hold fence ${epoch}`);
        host.isFenced = true;
        return answer();
      },
      evacuate: async ({ workloads: asked, isHard }, signal) => {
        for (const name of asked) {
          host.acts.push(`${isHard ? "hard" : "evacuate"} ${name}`);
          const stays = host.immortal.has(name) || (host.stubborn.has(name) && !isHard);
          if (!stays && !signal.aborted) workloads.set(name, "stopped");
        }
        return answer();
      },
      halt: async () => {
        host.acts.push("halt");
        return answer();
      },
      release: async ({ restart }) => {
        host.acts.push(`release ${restart.join(" ")}`.trim());
        if (host.problems.length > 0) return answer();
        host.isFenced = false;
        for (const name of restart) workloads.set(name, "running");
        return answer();
      },
      whyNoReboot: () => host.whyNoReboot,
      reboot: async () => {
        host.acts.push("reboot");
        host.reboots += 1;
        return answer();
      },
    },
  };
  return host;
}
