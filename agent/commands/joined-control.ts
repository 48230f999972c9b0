import type { ControlAnswer, HostControl } from "./host-control.ts";

/**
 * Two ways to act on one host as one: each acts on what it knows by name, and what either cannot do
 * is a problem of the whole. Only `second` restarts the system.
 */
export function joinControls(first: HostControl, second: HostControl): HostControl {
  const both = async (
    act: (control: HostControl) => Promise<ControlAnswer>,
  ): Promise<ControlAnswer> => {
    const answers = await Promise.all([first, second].map(act));
    return { problems: answers.flatMap(({ problems }) => problems) };
  };
  return {
    look: async () => {
      const [one, other] = await Promise.all([first.look(), second.look()]);
      return {
        workloads: [...one.workloads, ...other.workloads],
        tenantMounts: [...one.tenantMounts, ...other.tenantMounts],
        unasked: [...one.unasked, ...other.unasked],
        // Whoever knows of nothing is not alone.
        note: one.note === "" || other.note === "" ? "" : one.note,
      };
    },
    fence: (ask) => both((control) => control.fence(ask)),
    holdFence: (ask) => both((control) => control.holdFence(ask)),
    evacuate: (ask, signal) => both((control) => control.evacuate(ask, signal)),
    halt: (ask) => both((control) => control.halt(ask)),
    release: (ask) => both((control) => control.release(ask)),
    whyNoReboot: second.whyNoReboot,
    reboot: second.reboot,
  };
}
