import type { HostId } from "#proto/vocabulary/ids.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { plainReading } from "#test/support/estate-builders.ts";
import { openScenario, type Scenario } from "#test/support/scenario-world.ts";

let story: Scenario;
beforeEach(async () => {
  story = await openScenario();
});
afterEach(() => story.close());

const racks = `site,row,rack,height_units,feeds_watts
fra2,row-b,rack-07,42,A=1000; B=1000
fra2,row-b,rack-08,42,A=1000; B=1000
`;

test("an operator asks what can be sold, what feeds carry and what went wrong", async () => {
  const hosts: HostId[] = [];
  for (const [name, rack] of [
    ["web-1", "rack-07"],
    ["web-2", "rack-07"],
    ["db-1", "rack-08"],
  ] as const)
    hosts.push(await story.addHost(name, { rack }));
  const { estate } = story.world.parts;
  const imported = await estate.apply(racks, plainReading, { expect: null, by: "ann" });
  expect(imported.problems).toEqual([]);
  const [first, , third] = hosts;
  if (first === undefined || third === undefined) throw new Error("no hosts");
  const attributes = { "wws.power.source": "dcmi" };
  await story.world.measure(first, [{ metric: "hw.host.power", attributes, values: [620] }]);
  await story.world.measure(third, [{ metric: "hw.host.power", attributes, values: [1180] }]);
  await story.type("tenant add acme -o name");
  await story.type("lease add acme web-1 -o name");
  await story.type('host cordon web-2 --reason "waits for memory"');
  story.disconnect(third);
  await story.later(2 * 60_000);
  expect(await story.type("report capacity")).toBe(0);
  expect(await story.type("report capacity site=fra2 --group state")).toBe(0);
  expect(await story.type("report power --window 5m")).toBe(0);
  expect(await story.type("report failures --window 7d")).toBe(0);
  expect(await story.type("report capacity --group site -o csv")).toBe(0);
  story.note("the past is known from the first kept day on");
  expect(await story.type("report capacity --at 2026-10-01")).toBe(3);
  expect(await story.type("report power --group colour")).toBe(2);
  expect(await story.type("report schedules")).toBe(0);
  const text = await story.transcript();
  const tables = text.split("\n").filter((line) => /^(SITE|PHASE|fra2|total)/.test(line));
  for (const line of tables.filter((one) => !one.includes(",")))
    expect(line.length, line).toBeLessThanOrEqual(80);
  await expect(text).toMatchFileSnapshot("./golden/reports.txt");
});
