import { createCollectors } from "#agent/collectors/create-collectors.ts";
import type { Fixture } from "#agent/hardware/fixture.ts";
import { openReplaySource } from "#agent/hardware/replay.ts";
import { buildReports, toReport } from "#agent/report/build-report.ts";
import { createCollectorRuns, createCountingSink } from "#agent/report/collector-runs.ts";
import { createDictionaryBook } from "#agent/report/dictionary-book.ts";
import { createHostStates } from "#agent/report/host-state.ts";
import { createSampleTable } from "#agent/report/sample-table.ts";
import { createEventBus } from "#fleet/inventory/event-bus.ts";
import { createInventory } from "#fleet/inventory/create-inventory.ts";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import { openControlStore } from "#fleet/storage/control-store.ts";
import { decodeAgentFrame, encodeAgentFrame } from "#proto/codec/agent-frames.ts";
import { unpackColumn } from "#proto/codec/columns.ts";
import { dictionaryDigest } from "#proto/codec/dictionary-digest.ts";
import type { AgentMessage } from "#proto/messages/frames.ts";
import { type Dictionary, scaleOf } from "#proto/messages/series.ts";
import type { HostState } from "#proto/messages/state.ts";
import { type MetricName, metrics } from "#proto/vocabulary/metrics.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { storeOptions } from "#test/support/control-stores.ts";
import { hostIdOf, testCell } from "#test/support/inventory-builders.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";

/** What a manager knows of a host after the whole fixture was reported to it. */
export interface CarriedFixture {
  /** As it came out of the last state message. */
  readonly state: HostState;
  /** Points of each frame in the metric's unit, counters as increments; null where not seen. */
  readonly points: readonly CarriedSeries[];
  readonly record: HostRecord;
}

export interface CarriedSeries {
  readonly metric: MetricName;
  readonly attributes: Readonly<Record<string, string>>;
  readonly values: readonly (number | null)[];
}

/** collect → report → encode → decode → inventory: the agent's own code, then the manager's. */
export async function carryFixture(fixture: Fixture): Promise<CarriedFixture> {
  const source = openReplaySource(fixture);
  const clock = createVirtualClock();
  const table = createSampleTable();
  const sink = createCountingSink(table);
  const runs = createCollectorRuns(
    createCollectors({ source, sink, clock, random: null, log: silentLog }),
    sink,
    clock,
  );
  const states = createHostStates({
    encodedBytes: (state) => encodeAgentFrame({ kind: "state", state }).byteLength,
    bytesMax: wireLimits.messageBytesMax,
    firstRevision: 1,
  });
  await runs.discover(clock.nowMonotonicMs());
  for (let step = 0; step < fixture.frames.length; step += 1) {
    source.moveTo(step);
    await clock.advance(Math.max(0, source.elapsedMs() - clock.nowMonotonicMs()));
    table.begin(step);
    runs.step(clock.nowMonotonicMs());
    await clock.settle();
  }
  states.observe(runs.facts(), [], unixMs(clock.nowUnixMs()));
  const state = states.current();
  const batch = table.take();
  if (state === null || batch === null) throw new Error(`${fixture.folder}: nothing was seen`);
  runs.close();

  const book = createDictionaryBook({
    makeDictionary: (series) => ({ digest: dictionaryDigest(series), series }),
    series: table.series,
    lastHeardStep: table.lastHeardStep,
    seriesCount: table.seriesCount,
    keepSteps: batch.steps,
    stepMs: () => 1000,
  });
  const pages = book.covering(
    batch.rows.map(({ handle }) => handle),
    batch.steps,
  );
  const { bodies, unpackable } = buildReports(batch, pages, { originMs: 0, stepMs: 1000 });
  if (unpackable > 0)
    throw new Error(`${fixture.folder}: ${unpackable} columns do not fit on the wire`);
  const points = bodies.flatMap((body, index) => {
    const report = toReport(body, { seq: index + 1, startMs: unixMs(0), gaps: [] });
    const page = pages.find(({ dictionary }) => dictionary.digest === report.dictionary);
    if (page === undefined) throw new Error("a report without its dictionary");
    const dictionary = overTheWire(
      { kind: "dictionary", dictionary: page.dictionary },
      "dictionary",
    ).dictionary;
    const { report: received } = overTheWire({ kind: "report", report }, "report", dictionary);
    return received.columns.map((column): CarriedSeries => {
      const series = dictionary.series[column.series];
      if (series == null) throw new Error("a column without its series");
      const values = unpackColumn(column, received.steps, metrics[series.metric].kind);
      return {
        metric: series.metric,
        attributes: Object.fromEntries(series.attributes.map(({ key, value }) => [key, value])),
        values: [...values].map((value) =>
          Number.isNaN(value) ? null : rounded(value * scaleOf(series)),
        ),
      };
    });
  });
  const received = overTheWire({ kind: "state", state }, "state").state;
  return { state: received, points, record: await keepInInventory(received) };
}

/** Encodes as the agent does and decodes as the manager does; throws where it is refused. */
function overTheWire<Kind extends AgentMessage["kind"]>(
  message: Extract<AgentMessage, { kind: Kind }>,
  kind: Kind,
  dictionary?: Dictionary,
): Extract<AgentMessage, { kind: Kind }> {
  const decoded = decodeAgentFrame(
    encodeAgentFrame(message),
    dictionary === undefined ? {} : { dictionary },
  );
  if (!decoded.ok) throw new Error(`${kind} was refused: ${JSON.stringify(decoded.problem)}`);
  if (!isKind(decoded.value, kind)) throw new Error(`${kind} came out as ${decoded.value.kind}`);
  return decoded.value;
}

function isKind<Kind extends AgentMessage["kind"]>(
  message: AgentMessage,
  kind: Kind,
): message is Extract<AgentMessage, { kind: Kind }> {
  return message.kind === kind;
}

async function keepInInventory(state: HostState): Promise<HostRecord> {
  const store = await openControlStore({ sqlite: ":memory:" }, storeOptions);
  try {
    const inventory = createInventory({
      cell: testCell,
      store: store.inventory,
      clock: createVirtualClock(),
      events: createEventBus(silentLog),
      log: silentLog,
    });
    const id = hostIdOf(1);
    const host = {
      id,
      name: "host-1",
      phase: "active",
      position: null,
      simulated: true,
      adopted: true,
      watchedOnly: true,
      serial: null,
    } as const;
    await inventory.addHost(host);
    await inventory.recordState(id, state);
    const record = await inventory.host(id);
    if (record === undefined) throw new Error("the inventory does not have the host");
    return record;
  } finally {
    await store.close();
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
