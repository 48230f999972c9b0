import type { RebootAnswer, RebootCause, RebootConfidence, RebootFacts } from "./reboot-facts.ts";
import { hearWitnesses, type Testimony } from "./reboot-witnesses.ts";

/**
 * From what starts a chain to what ends it: heat makes a processor fail, a failing processor makes the
 * kernel panic, a panic lets the watchdog bite. Of two that are equally well witnessed the earlier is
 * the cause. That the system was left in order is believed before all of these only when nothing saw
 * them happen.
 */
const chain = [
  "thermal-trip",
  "hardware-error",
  "kernel-panic",
  "power-lost",
  "watchdog",
  "operator-power-cycle",
  "firmware-reset",
  "clean-reboot",
] as const satisfies readonly RebootCause[];
type Cause = (typeof chain)[number];

/** Pure: the same evidence gives the same answer, and there is always one. */
export function decideRebootCause(
  facts: RebootFacts,
): Pick<RebootAnswer, "cause" | "confidence" | "because"> {
  const heard = hearWitnesses(facts);
  const found = chain
    .map((cause) => ({ cause, weight: weigh(heard, cause) }))
    .filter(({ weight }) => weight > 0);
  const best = pick(found, heard);
  if (best === undefined)
    return { cause: "unknown", confidence: "possible", because: nothingWords(facts) };
  const against = heard.filter(({ cause, weight }) => cause !== best.cause && weight >= 2);
  return {
    cause: best.cause,
    confidence: confidenceOf(best.weight, against, best.cause),
    because: [
      ...heard.filter(({ cause }) => cause === best.cause).map(({ words }) => words),
      ...against.map(({ cause, words }) => `beside it, for ${cause}: ${words}`),
      ...silenceWords(facts),
    ].slice(0, becauseMax),
  };
}

export const becauseMax = 12;

/** Two hints are worth one that fits; no number of hints is worth one that saw it. */
function weigh(heard: readonly Testimony[], wanted: Cause): number {
  let best = 0;
  let hints = 0;
  for (const { cause, weight } of heard) {
    if (cause !== wanted) continue;
    best = Math.max(best, weight);
    if (weight < 3) hints += weight;
  }
  return best === 3 ? 3 : Math.min(2, Math.max(best, hints / 2));
}

function pick(
  found: readonly { readonly cause: Cause; readonly weight: number }[],
  heard: readonly Testimony[],
): { readonly cause: Cause; readonly weight: number } | undefined {
  const clean = found.find(({ cause }) => cause === "clean-reboot");
  const others = found.filter(({ cause }) => cause !== "clean-reboot");
  const strongest = Math.max(0, ...others.map(({ weight }) => weight));
  const other = others.find(({ weight }) => weight === strongest);
  if (clean === undefined || other === undefined) return other ?? clean;
  // A button pressed or a command sent makes a system shut down in order: the order is the answer.
  if (clean.weight === 3 && !endsOrder.has(other.cause)) return clean;
  // Who was told to stop did so before what happened later on the way down.
  const isToldToStop = heard.some(
    ({ cause, words }) => cause === "clean-reboot" && words.startsWith("the agent"),
  );
  if (other.weight < 3 && (clean.weight > other.weight || isToldToStop)) {
    return other.cause === "thermal-trip" && other.weight >= 2 ? other : clean;
  }
  return other.weight >= clean.weight ? other : clean;
}

/** What may end a shutdown that had begun in order. */
const endsOrder: ReadonlySet<Cause> = new Set(["thermal-trip", "hardware-error", "kernel-panic"]);

function confidenceOf(
  weight: number,
  against: readonly Testimony[],
  cause: Cause,
): RebootConfidence {
  if (weight < 2) return "possible";
  const isDoubted = against.some(
    (other) => other.weight >= weight && chain.indexOf(other.cause as Cause) < chain.indexOf(cause),
  );
  if (weight === 3) return isDoubted ? "likely" : "certain";
  return isDoubted ? "possible" : "likely";
}

function nothingWords(facts: RebootFacts): readonly string[] {
  const { boot, last } = facts;
  const missing: string[] = [];
  if (boot === null)
    missing.push("its agent has not looked for evidence of how the boot before ended");
  else {
    if (boot.pstore.length === 0) missing.push("no kernel message in pstore");
    if (boot.sel.length === 0) missing.push("no entry in a BMC's event log");
    if (boot.watchdogStatus === null) missing.push("no watchdog that tells");
    if (boot.agentStopped === false)
      missing.push("the agent was not told to stop: it ended at once");
  }
  if (last === null) missing.push("no samples of the boot before");
  return [...missing, ...silenceWords(facts)];
}

function silenceWords({ link, neighbours }: RebootFacts): readonly string[] {
  const words: string[] = [];
  if (link.lastHeardMs !== null && link.backMs >= link.lastHeardMs)
    words.push(`it was silent for ${Math.round((link.backMs - link.lastHeardMs) / 1_000)} s`);
  const { site } = neighbours;
  if (site !== null && site.lost === 0 && site.of > 0)
    words.push(`none of the ${site.of} other hosts of its site fell silent with it`);
  return words.length === 0 ? ["nothing is known of the time in between"] : words;
}
