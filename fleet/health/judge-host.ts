import type { Component } from "#proto/messages/state.ts";
import type { Finding, FindingChange, HealthView } from "./finding.ts";
import type { Grade } from "./grade.ts";
import type { Evidence, HealthRule, Observation } from "./health-rule.ts";
import type { FindingMemory, HostMemory } from "./host-memory.ts";
import { isIdle, raisedVerdict, stepFinding } from "./hysteresis.ts";
import { partOf } from "./part.ts";
import { evidenceLimits } from "./thresholds.ts";
import { rankOf, worstOf } from "./verdict.ts";

export interface Judgement {
  readonly view: HealthView;
  readonly changes: readonly FindingChange[];
}

/**
 * Judges one host by every rule and moves its memory on. The same memory and evidence give the same
 * judgement; time comes with the evidence. A part that shows nothing any more keeps its findings for a
 * while, marked as stale: silence neither raises nor clears.
 */
export function judgeHost(
  memory: HostMemory,
  evidence: Evidence,
  about: {
    readonly rules: readonly HealthRule[];
    readonly components: readonly Component[];
    /** No report for so long that nothing is known of now. */
    readonly isSilent: boolean;
  },
): Judgement {
  const { nowMs } = evidence;
  const { rules, components } = about;
  const elapsedMs = Math.min(Math.max(0, nowMs - memory.judgedMs), evidenceLimits.elapsedMsMax);
  const changes: FindingChange[] = [];
  const judged: Record<string, number> = {};
  const seen = new Set<string>();
  for (const rule of rules) {
    const observations = mergeByPart(rule.judge(evidence, memory.growth));
    if (observations.size > 0) judged[rule.name] = observations.size;
    for (const observation of observations.values()) {
      const key = `${rule.name}|${observation.partId}`;
      const known = memory.findings.get(key);
      if (known === undefined && observation.level === null) continue;
      seen.add(key);
      if (known === undefined && memory.findings.size >= evidenceLimits.findingsMax) continue;
      const finding = known ?? newFinding(rule, observation, components);
      const before = raisedVerdict(finding);
      stepFinding(finding, observation, elapsedMs, rule);
      finding.seenMs = nowMs;
      const after = raisedVerdict(finding);
      // What it said at its worst stands while it is on its way to being cleared.
      if (observation.level !== null || before === null) {
        finding.detail = observation.detail();
        if (observation.of !== null)
          finding.part = partOf(observation.of.series, components, rule.partKind);
      }
      if (before === null && after !== null) finding.sinceMs = nowMs;
      const change = changeOf(before, after);
      if (change !== null) changes.push({ kind: change, finding: show(finding, rule, nowMs) });
      if (after === null) finding.sinceMs = 0;
      if (isIdle(finding)) memory.findings.delete(key);
      else memory.findings.set(key, finding);
    }
  }
  dropOld(memory, { ...about, seen, nowMs, changes });
  memory.judgedMs = nowMs;
  return { view: viewOf(memory, rules, judged, nowMs), changes };
}

/** Several series may speak of one part: the worst of them counts. */
function mergeByPart(observations: readonly Observation[]): Map<string, Observation> {
  const byPart = new Map<string, Observation>();
  for (const observation of observations) {
    const known = byPart.get(observation.partId);
    if (known === undefined || rankOf(observation.floor) > rankOf(known.floor)) {
      byPart.set(observation.partId, observation);
    } else if (rankOf(observation.level) > rankOf(known.level)) {
      byPart.set(observation.partId, { ...observation, floor: known.floor });
    }
  }
  return byPart;
}

function newFinding(
  rule: HealthRule,
  observation: Observation,
  components: readonly Component[],
): FindingMemory {
  const part =
    observation.of === null
      ? { kind: rule.partKind, id: "", name: "host", slot: null, serial: null }
      : partOf(observation.of.series, components, rule.partKind);
  return { rule: rule.name, part, detail: "", seenMs: 0, sinceMs: 0, levels: {} };
}

/** Findings that nothing speaks of any more: of parts that went away, of hosts that are silent. */
function dropOld(
  memory: HostMemory,
  about: {
    readonly rules: readonly HealthRule[];
    readonly isSilent: boolean;
    readonly seen: ReadonlySet<string>;
    readonly nowMs: number;
    readonly changes: FindingChange[];
  },
): void {
  const { rules, isSilent, seen, nowMs, changes } = about;
  const keptMs = isSilent ? evidenceLimits.agedMsMax : evidenceLimits.goneMsMax;
  for (const [key, finding] of memory.findings) {
    if (seen.has(key) || Math.abs(nowMs - finding.seenMs) <= keptMs) continue;
    memory.findings.delete(key);
    if (raisedVerdict(finding) === null) continue;
    const rule = rules.find(({ name }) => name === finding.rule);
    changes.push({ kind: isSilent ? "aged" : "gone", finding: show(finding, rule, nowMs) });
  }
}

function changeOf(
  before: Grade["level"],
  after: Grade["level"],
): "raised" | "worse" | "better" | "cleared" | null {
  if (before === after) return null;
  if (before === null) return "raised";
  if (after === null) return "cleared";
  return rankOf(after) > rankOf(before) ? "worse" : "better";
}

/** What a memory shows to people, also of one that was read from the store and not judged yet. */
export function viewOf(
  memory: HostMemory,
  rules: readonly HealthRule[],
  judged: Readonly<Record<string, number>>,
  nowMs: number,
): HealthView {
  const findings: Finding[] = [];
  for (const finding of memory.findings.values()) {
    if (raisedVerdict(finding) === null) continue;
    const rule = rules.find(({ name }) => name === finding.rule);
    findings.push(show(finding, rule, nowMs));
  }
  findings.sort(
    (left, right) =>
      rankOf(right.verdict) - rankOf(left.verdict) ||
      left.sinceMs - right.sinceMs ||
      (left.rule < right.rule ? -1 : 1),
  );
  const worst = worstOf(findings.map(({ verdict }) => verdict));
  const hasEvidence = Object.keys(judged).length > 0;
  return {
    verdict: worst ?? (hasEvidence ? "ok" : "unknown"),
    findings,
    judged,
    judgedMs: memory.judgedMs === 0 ? null : memory.judgedMs,
  };
}

function show(finding: FindingMemory, rule: HealthRule | undefined, nowMs: number): Finding {
  return {
    rule: finding.rule,
    verdict: raisedVerdict(finding) ?? "degraded",
    component: finding.part,
    detail: finding.detail,
    sinceMs: finding.sinceMs,
    seenMs: finding.seenMs,
    isStale: finding.seenMs < nowMs,
    clearsWhen: rule?.clearsWhen ?? "this release has no such rule any more: it ages out",
  };
}
