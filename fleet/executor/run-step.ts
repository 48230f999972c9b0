import { drainSteps } from "./drain-steps.ts";
import { locateSteps } from "./locate-steps.ts";
import { clearSteps, rebootSteps, returnSteps } from "./other-steps.ts";
import { powerSteps } from "./power-steps.ts";
import { type Next, over, type StepRun } from "./step-run.ts";

/** One look at the step that an operation is at. */
export async function runStep(run: StepRun): Promise<Next> {
  const { detail, step: name } = run.operation;
  switch (detail.kind) {
    case "drain":
      return (await drainSteps[name]?.(run, detail)) ?? over;
    case "reboot":
      return (await rebootSteps[name]?.(run, detail)) ?? over;
    case "return":
      return (await returnSteps[name]?.(run, detail)) ?? over;
    case "clear":
      return (await clearSteps[name]?.(run, detail)) ?? over;
    case "power":
      return (await powerSteps[name]?.(run, detail)) ?? over;
    case "locate":
      return (await locateSteps[name]?.(run, detail)) ?? over;
    case "other":
      return over;
  }
}
