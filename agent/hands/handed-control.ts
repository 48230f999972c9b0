import type { ControlAnswer, HostControl, HostSight } from "#agent/commands/host-control.ts";
import { noAdapterNote } from "#agent/commands/live-host-control.ts";
import type { Workload } from "#proto/messages/orders.ts";
import { isRecord } from "#proto/vocabulary/plain-record.ts";
import type { HandsClient } from "./hands-client.ts";
import { handsLimits } from "./hands-limits.ts";
import type { HandsOrder, Whose } from "./question.ts";

export interface HandedParts {
  readonly client: HandsClient;
  readonly whose: Whose;
  /** Hooks are the helper's to run, so it is asked what they know. */
  readonly asksHooks: boolean;
  /** What it acts on at all; nothing: it is asked only to restart the system. */
  readonly acts: boolean;
  readonly whyNoReboot: () => string | null;
}

/** What the agent has no right to do, done by root's acting helper. */
export function createHandedControl(parts: HandedParts): HostControl {
  const { client, asksHooks, acts, whyNoReboot } = parts;
  const { hostId, generation } = parts.whose;

  const order = async (ask: Asked, signal: AbortSignal | null = null): Promise<ControlAnswer> => {
    const answer = await client.ask({ ...ask, hostId, generation }, signal);
    if (!answer.ok) return { problems: [`hands: ${answer.problem}`] };
    const problems = isRecord(answer.value) ? answer.value["problems"] : null;
    return isTexts(problems) ? { problems } : { problems: ["hands: gave no list of problems"] };
  };
  const fine: ControlAnswer = { problems: [] };

  return {
    look: async () => {
      if (!asksHooks) return { ...nothingSeen, note: noAdapterNote };
      const answer = await client.ask({ kind: "look" }, null);
      if (!answer.ok) return unseen(answer.problem);
      return readSight(answer.value) ?? unseen("said what is no sight");
    },
    fence: async ({ operationId, epoch }) =>
      acts ? order({ kind: "fence", operationId, epoch }) : fine,
    holdFence: async ({ operationId, epoch }) =>
      acts ? order({ kind: "hold-fence", operationId, epoch }) : fine,
    evacuate: async (ask, signal) => {
      const { operationId, epoch, deadlineMs, graceMs, isHard, workloads } = ask;
      if (!acts) return fine;
      const grace = Math.min(graceMs, handsLimits.graceMsMax);
      const name = { operationId, epoch, deadlineMs, isHard, workloads };
      return order({ kind: "evacuate", ...name, graceMs: grace }, signal);
    },
    halt: async ({ operationId, epoch }) =>
      acts ? order({ kind: "halt", operationId, epoch }) : fine,
    release: async ({ operationId, epoch, restart }) =>
      acts ? order({ kind: "release", operationId, epoch, restart }) : fine,
    whyNoReboot,
    reboot: async ({ operationId, epoch, graceMs }) =>
      order({
        kind: "reboot",
        operationId,
        epoch,
        graceMs: Math.min(graceMs, handsLimits.graceMsMax),
      }),
  };
}

type WithoutWhose<Order> = Order extends unknown ? Omit<Order, keyof Whose> : never;
type Asked = WithoutWhose<HandsOrder>;

const nothingSeen: HostSight = { workloads: [], tenantMounts: [], unasked: [], note: "" };

/** What could not be asked is not gone. */
function unseen(problem: string): HostSight {
  return { ...nothingSeen, unasked: [`hands: ${problem}`] };
}

/** null: it is no sight, and proves nothing. */
function readSight(value: unknown): HostSight | null {
  if (!isRecord(value)) return null;
  const { workloads, unasked, note } = value;
  if (!Array.isArray(workloads) || !workloads.every(isWorkload)) return null;
  if (!isTexts(unasked) || typeof note !== "string") return null;
  return { workloads, tenantMounts: [], unasked, note };
}

const states: readonly unknown[] = ["running", "stopping", "migrating", "stopped", "stuck"];

function isWorkload(value: unknown): value is Workload {
  if (!isRecord(value)) return false;
  const { name, state, detail } = value;
  return typeof name === "string" && typeof detail === "string" && states.includes(state);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === "string");
}
