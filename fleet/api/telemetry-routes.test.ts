import { afterEach, beforeEach, expect, test } from "vitest";
import { type ApiWorld, createApiWorld } from "#test/support/api-world.ts";
import type { TelemetryAnswer } from "./telemetry-schemas.ts";

let world: ApiWorld;
let nowMs: number;
beforeEach(async () => {
  world = await createApiWorld();
  nowMs = world.clock.nowUnixMs();
  const id = await world.addHost(1);
  await world.measure(id, [
    { metric: "system.cpu.utilization", values: [0.1, 0.2, null, 0.4] },
    {
      metric: "system.cpu.utilization",
      attributes: { "cpu.mode": "user" },
      values: [0.1, 0.1, 0.1, 0.1],
    },
    {
      metric: "system.cpu.utilization",
      attributes: { "cpu.mode": "system" },
      values: [0, 0, 0, 0.3],
    },
  ]);
});
afterEach(() => world.close());

const ask = async (query: string): Promise<TelemetryAnswer> => {
  const { status, body } = await world.get(`/api/v1/hosts/host-1/telemetry?${query}`);
  expect(body).not.toHaveProperty("code");
  expect(status).toBe(200);
  return body as TelemetryAnswer;
};
const values = (answer: TelemetryAnswer) =>
  answer.series.map((series) => series.points.map(([, value]) => value));

test("one-second points of the host as a whole, and what was not seen", async () => {
  const answer = await ask("metric=system.cpu.utilization&from=-4s&to=now");
  expect(answer).toMatchObject({
    metric: "system.cpu.utilization",
    unit: "1",
    from: nowMs - 4_000,
    to: nowMs,
    step: 1_000,
  });
  expect(values(answer)).toEqual([[0.1, 0.2, null, 0.4]]);
  expect(answer.series[0]?.points[0]?.[0]).toBe(nowMs - 4_000);
  expect(answer.coverage).toBe(0.75);
});

test("split by an attribute", async () => {
  const answer = await ask("metric=system.cpu.utilization&from=-4s&by=cpu.mode");
  expect(answer.series.map((series) => series.attributes)).toEqual([
    { "cpu.mode": "system" },
    { "cpu.mode": "user" },
  ]);
  expect(values(answer)).toEqual([
    [0, 0, 0, 0.3],
    [0.1, 0.1, 0.1, 0.1],
  ]);
});

test("a coarser step gives the mean, or what was asked for", async () => {
  const query = "metric=system.cpu.utilization&from=-4s&step=4s";
  expect(values(await ask(query))[0]?.[0]).toBeCloseTo(0.7 / 3, 10);
  expect(values(await ask(`${query}&stat=max`))).toEqual([[0.4]]);
});

test("without from and step: 15 minutes that end with the newest point", async () => {
  const answer = await ask("metric=system.cpu.utilization");
  expect([answer.step, answer.to, answer.to - answer.from]).toEqual([1_000, nowMs, 900_000]);
});

test.each([
  ["metric=system.cpu.utilisation", "metric-unknown", /did you mean system.cpu.utilization/],
  ["metric=toString", "metric-unknown", /./],
  ["metric=system.cpu.utilization&by=cpu.colour", "split-unknown", /by cpu.mode/],
  ["metric=system.cpu.utilization&from=tomorrow", "time-range-invalid", /-15m/],
  ["metric=system.cpu.utilization&from=-30d&step=1s", "too-many-points", /coarser/],
  ["metric=system.cpu.utilization&by=A%20B", "invalid-request", /openapi/],
  ["metric=system.cpu.utilization&stat=median", "invalid-request", /openapi/],
  ["from=-5m", "invalid-request", /openapi/],
])("%s is refused", async (query, code, hint) => {
  const { status, body } = await world.get(`/api/v1/hosts/host-1/telemetry?${query}`);
  expect(status).toBe(400);
  expect(body).toMatchObject({ code, hint: expect.stringMatching(hint) });
});
