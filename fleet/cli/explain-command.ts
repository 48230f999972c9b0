import { Command } from "commander";
import type { HostExplanation } from "#fleet/api/health-schemas.ts";
import { rebootWords } from "./host-facts.ts";
import { lifeLines } from "./explain-life.ts";
import { printOne } from "./output.ts";
import { type FormOptions, outputOption, type Session } from "./session.ts";
import { notSeen, span } from "./words.ts";

export function explainCommand(session: Session): Command {
  return new Command("explain")
    .description("why a host is as it is, what it waits for, what ends that, and what comes next")
    .argument("<host>", "its name or id")
    .addOption(outputOption())
    .action(async (name: string, options: FormOptions) => {
      const client = await session.client();
      const host = await client.host(name);
      const explanation = await client.explain(host.id);
      printOne(session.terminal, options.output, {
        value: explanation,
        name: host.name,
        lines: explanationLines(host.name, explanation, session.terminal.clock.nowUnixMs()),
      });
    });
}

/** Rules named in one line; more of them say nothing to anybody, and stand in `-o json`. */
const namedMax = 8;

function unseenWords(unseen: readonly string[], rules: number): string {
  if (unseen.length > namedMax) return `${unseen.length} of ${rules} rules; -o json names them`;
  return unseen.join(", ") || notSeen;
}

/** Findings worst first, then what is on its way, then what the rules could look at. */
function explanationLines(
  name: string,
  { health, reboot, life }: HostExplanation,
  nowMs: number,
): readonly (readonly [string, string])[] {
  const blind = health.reasons.slice(health.findings.length);
  const unseen = health.rules.filter(({ parts }) => parts === 0).map(({ rule }) => rule);
  return [
    ["name", name],
    ["health", [health.verdict, ...blind].join("; ")],
    ...health.findings.flatMap((finding, index): (readonly [string, string])[] => [
      [finding.verdict, health.reasons[index] ?? finding.detail],
      ["  rule", `${finding.rule}, for ${span(nowMs - finding.sinceMs)}`],
      ["  ends with", finding.clearsWhen],
    ]),
    ...health.pending.map((one): readonly [string, string] => [
      `soon ${one.verdict}`,
      `${one.component.name}: ${one.detail} (shown for ${span(one.shownMs)} of ${span(one.holdMs)}, ${one.rule})`,
    ]),
    [
      "judged",
      health.rules
        .filter(({ parts }) => parts > 0)
        .map(({ rule, parts }) => `${rule} ${parts}`)
        .join(", ") || notSeen,
    ],
    ["saw no evidence", unseenWords(unseen, health.rules.length)],
    ["last reboot", rebootWords(reboot)],
    ...lifeLines(name, life, nowMs),
  ];
}
