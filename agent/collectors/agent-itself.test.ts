import { expect, test } from "vitest";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createMemorySource } from "#test/support/memory-source.ts";
import { createValueSink } from "#test/support/value-sink.ts";
import { createAgentCollector } from "./agent-itself.ts";

const stat =
  "2143 (node (odd) name) S 1688 2143 5527 0 -1 4194304 9000 20 0 0 104 30 5 6 20 0 7 0 100 200 300";

test("time of the agent and its children, whatever its name holds, and its resident memory", async () => {
  const source = createMemorySource({
    "/proc/self/stat": `${stat}\n`,
    "/proc/self/status": "Name:\tnode\nVmHWM:\t  99999 kB\nVmRSS:\t   62000 kB\n",
  });
  const sink = createValueSink();
  const collector = createAgentCollector(source, sink);
  await collector.discover();
  expect(await collector.collect(monotonicMs(0))).toBeNull();
  expect(sink.values()).toEqual({ "wws.agent.cpu.time": 145, "wws.agent.memory.usage": 62_000 });
  expect(sink.request("wws.agent.memory.usage")).toMatchObject({
    quantum: 1024,
    cadenceMs: 10_000,
  });
});

test("a text of another form is told, and the other figure is kept", async () => {
  const source = createMemorySource({
    "/proc/self/stat": "nonsense",
    "/proc/self/status": "VmRSS:\t 5 kB\n",
  });
  const sink = createValueSink();
  const collector = createAgentCollector(source, sink);
  await collector.discover();
  expect(await collector.collect(monotonicMs(0))).toMatchObject({
    absences: [{ what: "wws.agent.cpu.time" }],
  });
  expect(sink.values()).toEqual({ "wws.agent.memory.usage": 5 });
});
