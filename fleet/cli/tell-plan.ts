import type { Plan, PlanHostView } from "#fleet/api/plan-schemas.ts";
import type { Terminal } from "./terminal.ts";
import { exitLine, whyLine } from "./why-words.ts";
import { safeText } from "./words.ts";

/** The same hosts that wait for the same thing are told again only after so long. */
const againMs = 60_000;
const namedMax = 4;

/** Tells what holds hosts back that have not begun, who was left out, and how the plan stands. */
export function createPlanTeller(terminal: Terminal): { tell(plan: Plan): void } {
  const told = new Map<string, { readonly words: string; readonly atMs: number }>();
  const say = (lines: readonly string[]): void => {
    const time = new Date(terminal.clock.nowUnixMs()).toISOString().slice(11, 19);
    for (const line of lines) terminal.stderr.write(`${time}  ${safeText(line)}\n`);
  };
  const isNews = (key: string, words: string): boolean => {
    const nowMs = terminal.clock.nowUnixMs();
    const known = told.get(key);
    if (known?.words === words) return false;
    if (known !== undefined && nowMs - known.atMs < againMs && key.startsWith("wait")) return false;
    told.set(key, { words, atMs: nowMs });
    return true;
  };
  return {
    tell(plan) {
      for (const [code, hosts] of groupWaiting(plan.hosts)) {
        const names = hosts.map(({ name }) => name);
        if (!isNews(`wait ${code}`, names.join())) continue;
        say(linesOf(listed(names), hosts.length === 1 ? "waits" : "wait", hosts[0]));
      }
      for (const host of plan.hosts) {
        const words = { skipped: "left out", "set-aside": "set aside" }[host.state];
        if (words === undefined || !isNews(host.hostId, words)) continue;
        say(linesOf(host.name, words, host));
      }
      const why = plan.why.map(whyLine).join("; ");
      const codes = plan.why.map(({ code }) => code).join();
      if (plan.status === "applying" && why === "") return;
      if (isNews("plan", `${plan.status} ${codes}`)) {
        say([`the plan is ${plan.status}${why === "" ? "" : `: ${why}`}`]);
      }
    },
  };
}

/** Hosts that have not begun, by what holds them back. */
function groupWaiting(
  hosts: readonly PlanHostView[],
): ReadonlyMap<string, readonly PlanHostView[]> {
  const groups = new Map<string, PlanHostView[]>();
  for (const host of hosts) {
    const [first] = host.why;
    if (host.state !== "waiting" || first === undefined) continue;
    const group = groups.get(first.code);
    if (group === undefined) groups.set(first.code, [host]);
    else group.push(host);
  }
  return groups;
}

function linesOf(
  who: string,
  verb: string,
  host: Pick<PlanHostView, "why"> | undefined,
): readonly string[] {
  const first = host?.why[0];
  if (first === undefined) return [`${who}  ${verb}`];
  const exit = exitLine(first);
  const told = `${who}  ${verb}: ${whyLine(first)}`;
  return exit === null ? [told] : [told, `${who}    ends it: ${exit}`];
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, namedMax).join(", ");
  return names.length <= namedMax ? shown : `${shown} and ${names.length - namedMax} more`;
}
