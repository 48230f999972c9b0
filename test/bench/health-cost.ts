/**
 * What judging costs: `node test/bench/health-cost.ts [HOSTS]`. Each host is a storage server of 24
 * drives whose series are its own, over the real telemetry store in memory; it is judged by every
 * rule, again and again, as the manager does every ten seconds. Prints one JSON object.
 */
import { allRules } from "#fleet/health/all-rules.ts";
import { evidenceOf } from "#fleet/health/evidence.ts";
import { newHostMemory, packMemory } from "#fleet/health/host-memory.ts";
import { createQuietCheck, type QuietMark } from "#fleet/health/quiet-hosts.ts";
import { judgeHost } from "#fleet/health/judge-host.ts";
import type { Series } from "#proto/messages/series.ts";
import { createMemoryBlockFolder } from "#test/support/memory-block-folder.ts";
import { dictionaryOf, hostOf, reportsStartMs, seriesOf } from "#test/support/report-builders.ts";
import { entryOf, openWorld } from "#test/support/telemetry-world.ts";

const hosts = Number(process.argv[2] ?? 300);
const rounds = 20;
const drives = 24;
/** Of so many hosts one has sectors and errors on every drive. */
const ailingOneIn = 50;
const usualValues: Readonly<Record<string, number>> = {
  "hw.temperature": 35,
  "hw.temperature.margin": 40,
  "hw.fan.status": 1,
  "wws.disk.smart.passed": 1,
};

function seriesOfHost(host: number): readonly Series[] {
  const list: Series[] = [];
  for (let drive = 0; drive < drives; drive += 1) {
    const common = {
      "hw.id": `S${host}-${drive}`,
      "hw.name": `sd${drive}`,
      "hw.type": "physical_disk",
    };
    for (const state of ["reallocated", "pending", "offline_uncorrectable"])
      list.push(seriesOf("wws.disk.sectors", { ...common, "wws.sector.state": state }));
    for (const error of ["reported_uncorrectable", "command_timeout", "crc"])
      list.push(seriesOf("hw.errors", { ...common, "error.type": error }));
    list.push(seriesOf("wws.disk.smart.passed", common), seriesOf("hw.temperature", common));
  }
  for (let sensor = 0; sensor < 20; sensor += 1) {
    const common = { "hw.id": `ipmi:${sensor}`, "hw.name": `Sensor ${sensor}` };
    list.push(seriesOf("hw.temperature.margin", common), seriesOf("hw.fan.status", common));
  }
  for (let cpu = 0; cpu < 64; cpu += 1)
    list.push(seriesOf("system.cpu.utilization", { "cpu.logical_number": String(cpu) }));
  return list;
}

const { telemetry } = await openWorld(createMemoryBlockFolder());
for (let host = 1; host <= hosts; host += 1) {
  const dictionary = dictionaryOf(...seriesOfHost(host));
  telemetry.addDictionary(dictionary);
  const points = dictionary.series.map((series) => [
    usualValues[series?.metric ?? ""] ?? (host % ailingOneIn === 0 ? 1 : 0),
  ]);
  await telemetry.append(entryOf({ host, seq: 1, dictionary, points }));
}
const memories = new Map(Array.from({ length: hosts }, (_, index) => [index + 1, newHostMemory()]));
const judgeAll = (round: number): number => {
  let findings = 0;
  for (const [host, memory] of memories) {
    const nowMs = reportsStartMs + 10_000 + round * 10_000;
    const evidence = evidenceOf(telemetry.latest(hostOf(host)), { nowMs, clockOffsetMs: 3 });
    const about = { rules: allRules, components: [], isSilent: false };
    findings += judgeHost(memory, evidence, about).view.findings.length;
  }
  return findings;
};
judgeAll(0);
const before = process.cpuUsage();
let findings = 0;
for (let round = 1; round <= rounds; round += 1) findings = judgeAll(round);
const used = process.cpuUsage(before);
const microseconds = (used.user + used.system) / (hosts * rounds);
const isQuiet = createQuietCheck(allRules);
const marks = new Map<number, QuietMark>();
const lookAtAll = (): number => {
  let quiet = 0;
  for (const [host, memory] of memories) {
    const latest = telemetry.latest(hostOf(host));
    const mark = marks.get(host) ?? { seen: null };
    marks.set(host, mark);
    if (latest !== undefined && isQuiet(mark, { memory, latest, clockOffsetMs: 3 })) quiet += 1;
  }
  return quiet;
};
lookAtAll();
lookAtAll();
const beforeLooks = process.cpuUsage();
let quietHosts = 0;
for (let round = 1; round <= rounds; round += 1) quietHosts = lookAtAll();
const looked = process.cpuUsage(beforeLooks);
const microsecondsPerLook = (looked.user + looked.system) / (hosts * rounds);
const [memory] = memories.values();
const stored = memory === undefined ? 0 : JSON.stringify(packMemory(memory)).length;
process.stdout.write(
  `${JSON.stringify({
    bench: "health-cost",
    figures: {
      microsecondsPerJudgement: Math.round(microseconds),
      microsecondsPerQuietLook: Math.round(microsecondsPerLook * 100) / 100,
      quietShare: quietHosts / hosts,
      storedBytesPerHost: stored,
      findingsPerHost: findings / hosts,
    },
    conditions: { hosts, rounds, drives, seriesPerHost: seriesOfHost(1).length, everySeconds: 10 },
  })}\n`,
);
await telemetry.close();
