import { type HostControl, isThere } from "#agent/commands/host-control.ts";
import { spreadOf } from "#agent/report/spread.ts";
import type { Workload } from "#proto/messages/orders.ts";
import { type Clock, sleep } from "#proto/vocabulary/clock.ts";

/** What the work on a simulated host is called. */
const names = ["photo-store", "photo-web", "shop", "search", "queue"];
/** How long one takes to stop, from the first to the last. */
const stopMs = { first: 1_500, each: 1_200 };

/**
 * A host of the demo has some work made up of its name, which stops when it is asked to and comes
 * back when it is released. It is kept in memory: a start of the demo is a boot of its hosts.
 */
export function createSimulatedControl(
  host: string,
  clock: Clock,
  restart: () => void,
): HostControl {
  const states = new Map<string, Workload["state"]>();
  for (let index = 0; index < 1 + (spreadOf(host) % 3); index += 1) {
    const name = names[(spreadOf(host) + index) % names.length] ?? "shop";
    states.set(`simulated:${name}`, "running");
  }
  const fine = { problems: [] };
  const workloads = (): readonly Workload[] =>
    [...states].map(([name, state]) => ({ name, state, detail: "" }));
  return {
    look: async () => ({ workloads: workloads(), tenantMounts: [], unasked: [], note: "" }),
    fence: async () => fine,
    holdFence: async () => fine,
    evacuate: async ({ workloads: asked, isHard }, signal) => {
      const left = asked.filter((name) => states.get(name) === "running" || isHard);
      for (const name of left) if (states.has(name)) states.set(name, "stopping");
      for (const [index, name] of left.entries()) {
        const ms = isHard ? 0 : index === 0 ? stopMs.first : stopMs.each;
        await sleep(clock, ms, signal).catch(() => {});
        if (signal.aborted) return fine;
        if (states.has(name)) states.set(name, "stopped");
      }
      return fine;
    },
    halt: async () => {
      for (const { name, state } of workloads()) {
        if (state === "stopping") states.set(name, "running");
      }
      return fine;
    },
    release: async ({ restart }) => {
      for (const workload of workloads().filter((one) => !isThere(one))) {
        if (restart.includes(workload.name)) states.set(workload.name, "running");
      }
      return fine;
    },
    whyNoReboot: () => null,
    reboot: async () => {
      restart();
      return fine;
    },
  };
}
