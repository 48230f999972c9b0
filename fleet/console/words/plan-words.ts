import type { Plan, PlanHostView, PlanSummary } from "#fleet/api/plan-schemas.ts";
import { countOf, figureText } from "./figures.ts";
import type { StateLook } from "./state-words.ts";
import { formatDuration } from "./time-words.ts";

const verbs = { drain: "Drain", reboot: "Reboot", return: "Return", clear: "Clear" } as const;

/** `Drain (emergency)`; a kind that this page does not know is shown as it is. */
export function actionWords(action: Plan["action"]): string {
  if (action.kind === "power") return `Power ${action.power} of`;
  if (action.kind === "locate") return action.isOn ? "Light on" : "Light out";
  const verb: string = Object.hasOwn(verbs, action.kind) ? verbs[action.kind] : action.kind;
  return action.kind === "drain" && action.drain !== "planned" ? `${verb} (${action.drain})` : verb;
}

/** `Drain 19 hosts`, or the one host by its name. */
export function planTitle({ action, hosts }: Pick<Plan, "action" | "hosts">): string {
  const [only] = hosts;
  const whom = hosts.length === 1 && only !== undefined ? only.name : countOf(hosts.length, "host");
  return `${actionWords(action)} ${whom}`;
}

/** The same of a plan in a list. */
export function summaryTitle(plan: Pick<PlanSummary, "action" | "hostCount" | "onlyHost">): string {
  return `${actionWords(plan.action)} ${plan.onlyHost ?? countOf(plan.hostCount, "host")}`;
}

/** What happens to each host, and what at its deadline. */
export function actionMeaning(action: Plan["action"]): string {
  switch (action.kind) {
    case "drain":
      return `work is moved off within ${formatDuration(action.deadlineMs)} a host; ${
        action.force
          ? "what has not stopped by then is stopped hard"
          : "then it pauses and says what is left"
      }`;
    case "reboot":
      return `each host starts anew; what runs there has ${formatDuration(action.graceMs)} to stop`;
    case "return":
      return "drained hosts serve again";
    case "clear":
      return "quarantined hosts go back to where they were";
    case "power":
      return powerMeanings[action.power] ?? "";
    case "locate":
      return action.isOn
        ? `the light of each blinks for ${formatDuration(action.forMs)}`
        : "the light of each goes out";
    default:
      return "";
  }
}

const powerMeanings: Readonly<Record<string, string>> = {
  on: "each host is switched on by its BMC",
  off: "each host is switched off by its BMC, hard: what runs there ends in its middle",
  cycle: "each host is switched off and on by its BMC, hard",
  soft: "the system of each host is asked to stop, as by its button",
};

const planLooks: Readonly<Record<string, StateLook>> = {
  planned: { word: "planned", shape: "dashes", tone: "unknown", meaning: "nothing is done yet" },
  applying: { word: "applying", shape: "half", tone: "info", meaning: "it goes on by itself" },
  paused: { word: "paused", shape: "triangle", tone: "warn", meaning: "no further host is begun" },
  stopped: { word: "stopped", shape: "square", tone: "bad", meaning: "a stop rule ended it" },
  done: { word: "done", shape: "disc", tone: "ok", meaning: "every host has ended" },
  canceled: { word: "canceled", shape: "ring", tone: "unknown", meaning: "somebody ended it" },
  expired: {
    word: "expired",
    shape: "question",
    tone: "unknown",
    meaning: "never applied in time",
  },
};

export function planLook(status: string): StateLook {
  return look(planLooks, status);
}

const hostLooks: Readonly<Record<string, StateLook>> = {
  done: { word: "done", shape: "disc", tone: "ok", meaning: "its goal is reached" },
  running: { word: "running", shape: "half", tone: "info", meaning: "its operation runs" },
  waiting: { word: "waiting", shape: "dashes", tone: "unknown", meaning: "not begun yet" },
  failed: { word: "failed", shape: "cross", tone: "bad", meaning: "its operation failed" },
  "set-aside": {
    word: "set aside",
    shape: "square",
    tone: "bad",
    meaning: "it is broken: the plan goes on without it",
  },
  skipped: { word: "skipped", shape: "ring", tone: "unknown", meaning: "it takes no part" },
};

export function planHostLook(state: string): StateLook {
  return look(hostLooks, state);
}

/** In the order in which they are counted: what went well, what goes on, what is to come, the rest. */
const stateOrder = Object.keys(hostLooks);

/** How many hosts are in which state, zeros left out, words of a newer manager at the end. */
export function countStates(
  hosts: readonly Pick<PlanHostView, "state">[],
): readonly { readonly state: string; readonly count: number }[] {
  return orderStates(stateCounts(hosts));
}

export function stateCounts(
  hosts: readonly Pick<PlanHostView, "state">[],
): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { state } of hosts) counts.set(state, (counts.get(state) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** Counts as the manager gives them, in the same order. */
export function orderStates(
  given: Readonly<Record<string, number>>,
): readonly { readonly state: string; readonly count: number }[] {
  const counts = new Map(Object.entries(given));
  const others = [...counts.keys()].filter((state) => !stateOrder.includes(state)).sort();
  return [...stateOrder, ...others].flatMap((state) => {
    const count = counts.get(state) ?? 0;
    return count === 0 ? [] : [{ state, count }];
  });
}

/** `canary`, `wave 2`; who takes no part stands in none. */
export function waveWords(wave: number, state: string): string {
  if (state === "skipped") return "none";
  return wave === 0 ? "canary" : `wave ${wave}`;
}

export interface Wave {
  readonly words: string;
  readonly hosts: readonly PlanHostView[];
}

/** The hosts by wave, the canary first; those that take no part last. */
export function groupWaves(hosts: readonly PlanHostView[]): readonly Wave[] {
  const waves = new Map<number, PlanHostView[]>();
  for (const host of hosts) {
    const at = host.state === "skipped" ? Number.POSITIVE_INFINITY : host.wave;
    const wave = waves.get(at);
    if (wave === undefined) waves.set(at, [host]);
    else wave.push(host);
  }
  return [...waves]
    .sort(([a], [b]) => (a === b ? 0 : a - b))
    .map(([at, inWave]) => ({
      words: at === Number.POSITIVE_INFINITY ? "takes no part" : waveWords(at, ""),
      hosts: inWave,
    }));
}

/** `1 first, then 2, 5, 5; 2 min of watching between; at most 1 at once`. */
export function paceWords({ pace }: Pick<Plan, "pace">): string {
  const [canary = 0, ...waves] = pace.waves;
  const order =
    waves.length === 0 ? `one wave of ${canary}` : `${canary} first, then ${waves.join(", ")}`;
  const soak = waves.length === 0 ? "" : `; ${formatDuration(pace.soakMs)} of watching between`;
  return `${order}${soak}; at most ${pace.atOnceMax} at once`;
}

/** What a stop rule would end it by. */
export function stopWords({ pace }: Pick<Plan, "pace">): string {
  return `it stops by itself where more than ${figureText(pace.brokenShareMax, "1")} of its hosts break`;
}

export const planVerbs = ["pause", "resume", "cancel"] as const;
export type PlanVerb = (typeof planVerbs)[number];

/** Why the verb has no use now, in words; null: it may be asked, and the manager judges. */
export function whyNotChanged(verb: PlanVerb, status: string): string | null {
  const isOpen = status === "planned" || status === "applying" || status === "paused";
  if (!isOpen) return `it has ended: ${status}`;
  if (verb === "cancel") return null;
  if (status === "planned") return "it is not applied";
  if (verb === "pause") return status === "paused" ? "it is paused already" : null;
  return status === "paused" ? null : "it is not paused";
}

function look(looks: Readonly<Record<string, StateLook>>, word: string): StateLook {
  return (
    (Object.hasOwn(looks, word) ? looks[word] : undefined) ?? {
      word,
      shape: "question",
      tone: "unknown",
      meaning: "this page does not know the word; reload it",
    }
  );
}
