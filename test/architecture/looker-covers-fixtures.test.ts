import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type LookingTool, lookingTools } from "#agent/hardware/hardware-source.ts";
import { mayRun, needsRoot } from "#agent/looker/tool-grammar.ts";
import { lvsArguments } from "#agent/collectors/lvm.ts";
import { smartctlArguments } from "#agent/collectors/smart-ask.ts";
import { listFiles, repositoryRoot } from "./source-files.ts";

const fixtureCalls = listFiles(repositoryRoot, ["hardware-fixtures/hosts"], /\.meta\.json$/)
  .map((path) => JSON.parse(readFileSync(join(repositoryRoot, path), "utf8")) as { argv?: unknown })
  .flatMap(({ argv }) => (Array.isArray(argv) ? [argv.map(String)] : []));

const collectorCalls = [
  ["smartctl", ...smartctlArguments({ device: "/dev/sda", type: null })],
  ["smartctl", ...smartctlArguments({ device: "/dev/bus/0", type: "megaraid,14" })],
  ["smartctl", ...smartctlArguments({ device: "/dev/sdb", type: "sat+megaraid,3" })],
  ["smartctl", ...smartctlArguments({ device: "/dev/sda", type: "cciss,0" })],
  ["smartctl", ...smartctlArguments({ device: "/dev/nvme0", type: null })],
  ["lvs", ...lvsArguments],
  ["smartctl", "-i", "-n", "standby", "/dev/sda"],
];

test("every tool call that a collector makes, or made while a fixture was recorded, passes the looker", () => {
  const lines = new Map([...fixtureCalls, ...collectorCalls].map((argv) => [argv.join(" "), argv]));
  const refused = [...lines].flatMap(([line, [tool, ...args]]) => {
    const found = lookingTools.find((name): name is LookingTool => name === tool);
    return found === undefined || !needsRoot(found) || mayRun(found, args) ? [] : [line];
  });
  expect(lines.size).toBeGreaterThan(10);
  expect(refused).toEqual([]);
});
