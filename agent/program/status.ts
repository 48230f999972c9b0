import type { AgentConfig } from "#agent/config/agent-config.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { findInstance } from "./instance-lock.ts";
import type { ProgramEffects } from "./program-effects.ts";
import { type HandsStatus, readHands } from "./status-hands.ts";
import { readStatusFile, type StatusRecord } from "./status-file.ts";

/** `wws-agent status`: 0 when it reports, 1 when it runs without a link, 3 when none runs. */
export function showStatus(
  asked: { readonly json: boolean },
  config: Pick<AgentConfig, "data" | "simulated">,
  effects: Pick<ProgramEffects, "clock" | "print">,
): ExitCode {
  const owner = findInstance(config.data);
  const found = readStatusFile(config.data);
  // What an earlier run left says nothing about this one.
  const record = owner !== null && found?.pid !== owner.pid ? null : found;
  const hands = readHands(config, record?.agent?.hostId ?? null);
  if (asked.json) {
    const { fence, hold, ordersProblem } = hands;
    const running = owner !== null;
    const pid = owner?.pid ?? null;
    effects.print(JSON.stringify({ running, pid, ...record, fence, hold, ordersProblem }));
  } else {
    const nowMs = effects.clock.nowUnixMs();
    const lines = [
      ...statusLines(record, owner?.pid ?? null, config.data, nowMs),
      ...handsLines(hands, nowMs),
    ];
    effects.print(lines.map(([name, value]) => `${name.padEnd(13)}${value}`).join("\n"));
  }
  if (owner === null) return exitCodes.notFound;
  return record?.agent?.link.state === "live" ? exitCodes.ok : exitCodes.failed;
}

type Line = readonly [name: string, value: string];

function statusLines(
  record: StatusRecord | null,
  pid: number | null,
  folder: string,
  nowMs: UnixMs,
): readonly Line[] {
  const lines: Line[] = [
    ["agent", pid === null ? `does not run on ${folder}` : `runs, process ${pid}, on ${folder}`],
  ];
  if (record === null) return lines;
  if (pid === null) lines.push(["last run", `ended or died ${ago(record.writtenMs, nowMs)}`]);
  else lines.push(["since", `${ago(record.startedMs, nowMs)}, release ${record.release}`]);
  if (record.phase === "enrolling") lines.push(["enrolment", "asks the manager"]);
  if (record.notice !== null) lines.push(["notice", record.notice]);
  const { agent } = record;
  if (agent === null) return lines;
  const { link, ring, clock } = agent;
  lines.push(["host", `${agent.hostName} (${agent.hostId}), cell ${agent.cell}`]);
  lines.push(["manager", agent.manager]);
  lines.push(["link", `${link.state} since ${ago(link.sinceMs, nowMs)}`]);
  if (link.reason !== null) lines.push(["because", link.reason]);
  if (link.hint !== null) lines.push(["what to do", link.hint]);
  const { acknowledgedToMs } = agent;
  const newest =
    acknowledgedToMs === null ? "nothing yet" : `points up to ${ago(acknowledgedToMs, nowMs)}`;
  lines.push(["acknowledged", `${newest}, ${agent.acknowledgedReports} reports`]);
  const share = Math.round((100 * ring.bytes) / ring.bytesMax);
  lines.push([
    "waiting",
    `${ring.reports} reports, ${ring.bytes} bytes (${share} % of the ring), ${ring.droppedReports} dropped`,
  ]);
  const offset = clock.offsetMs === null ? "" : `, ${clock.offsetMs} ms from the manager's`;
  lines.push(["clock", `${clock.standing}${offset}`]);
  for (const { subject, outcome, detail } of agent.collectors) {
    if (outcome !== "ok") lines.push([subject, `${outcome}: ${detail}`]);
  }
  return lines;
}

function handsLines({ fence, hold, ordersProblem }: HandsStatus, nowMs: UnixMs): readonly Line[] {
  const lines: Line[] = [];
  if (fence !== null) {
    const since = fence.sinceMs === undefined ? "" : `, since ${ago(fence.sinceMs, nowMs)}`;
    lines.push(["fence", `epoch ${fence.epoch}${since}, operation ${fence.operationId}`]);
  }
  if (ordersProblem !== null) lines.push(["orders", ordersProblem]);
  if (hold !== null) lines.push(["hold", [hold.path, hold.text].filter(Boolean).join(": ")]);
  return lines;
}

function ago(thenMs: UnixMs, nowMs: UnixMs): string {
  const seconds = Math.round((nowMs - thenMs) / 1_000);
  if (Math.abs(seconds) < 120) return `${seconds} s ago`;
  const minutes = Math.round(seconds / 60);
  return Math.abs(minutes) < 120 ? `${minutes} min ago` : `${Math.round(minutes / 60)} h ago`;
}
