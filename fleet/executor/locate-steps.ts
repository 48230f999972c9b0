import { lifecycleNumbers } from "#fleet/lifecycle/numbers.ts";
import type { LocateDetail } from "#fleet/lifecycle/operation.ts";
import { bmcProblemWhy, bmcWhy } from "./bmc-why.ts";
import { type Next, over, retryMs, type StepRun } from "./step-run.ts";

type Runner = (run: StepRun, detail: LocateDetail) => Promise<Next>;

const { lightMs, lightRenewMs } = lifecycleNumbers;

/**
 * The light is lit for a few minutes at a time and lit anew until its end: whoever cancels, and a
 * manager that dies, leaves one that goes out by itself.
 */
export const locateSteps: Readonly<Record<string, Runner>> = {
  async light(run, { isOn }) {
    const { host } = run.facts;
    if (!(await run.intent())) return over;
    const set = await run.bmc.setLight(host.id, isOn ? lightMs : 0, () => run.mayStill("locate"));
    run.acted();
    if (!set.ok)
      return run.wait({ why: [bmcProblemWhy(run, set.problem)], isUnanswered: true }, retryMs.bmc);
    const read = await run.bmc.light(host.id);
    if (read.ok && read.value !== null && read.value !== isOn)
      return run.wait(
        {
          why: [bmcWhy(run, `was told to ${isOn ? "blink" : "go dark"}, and its BMC says no`)],
          isUnanswered: true,
        },
        retryMs.bmc,
      );
    const told = read.ok && read.value !== null ? "by its BMC" : "as ordered; its BMC does not say";
    if (!isOn) return run.done({ phase: host.phase, evidence: `its light is out ${told}` });
    run.memory.litAtMs = run.effects.clock.nowMonotonicMs();
    return run.end({ outcome: "done", evidence: `its light blinks ${told}`, next: "keep" });
  },
  async keep(run, { untilMs }) {
    const { effects, facts, memory } = run;
    const { host } = facts;
    if (!(await run.intent())) return over;
    const leftMs = untilMs - effects.clock.nowUnixMs();
    if (leftMs <= 0) {
      const out = await run.bmc.setLight(host.id, 0, () => run.mayStill("locate"));
      run.acted();
      return run.done({
        phase: host.phase,
        evidence: out.ok
          ? "its time is over: it is out"
          : "its time is over: it goes out by itself",
      });
    }
    const litMs = effects.clock.nowMonotonicMs() - (memory.litAtMs ?? Number.NEGATIVE_INFINITY);
    if (litMs < lightRenewMs) return run.wait({ why: [] }, Math.min(leftMs, lightRenewMs - litMs));
    const set = await run.bmc.setLight(host.id, lightMs, () => run.mayStill("locate"));
    run.acted();
    if (!set.ok) return run.wait({ why: [bmcProblemWhy(run, set.problem)] }, retryMs.bmc);
    memory.litAtMs = effects.clock.nowMonotonicMs();
    return run.wait({ why: [] }, Math.min(leftMs, lightRenewMs));
  },
};
