import { expect, test } from "vitest";
import type { SeriesRequest } from "#agent/collectors/collector.ts";
import { encodeAgentFrame } from "#proto/codec/agent-frames.ts";
import { dictionaryDigest } from "#proto/codec/dictionary-digest.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { createDictionaryBook } from "./dictionary-book.ts";
import { createSampleTable } from "./sample-table.ts";

const disk = (name: string): SeriesRequest => ({
  metric: "system.disk.io",
  attributes: { "system.device": name, "disk.io.direction": "read" },
  exponent: 0,
});

function bookOver(table: ReturnType<typeof createSampleTable>) {
  return createDictionaryBook({
    makeDictionary: (series) => ({ digest: dictionaryDigest(series), series }),
    series: table.series,
    lastHeardStep: table.lastHeardStep,
    seriesCount: table.seriesCount,
    keepSteps: 900,
    stepMs: () => 1_000,
  });
}

test("while no series appears, the dictionary stays the same object", () => {
  const table = createSampleTable();
  const book = bookOver(table);
  const handles = [table.declare(disk("sda")), table.declare(disk("sdb"))];
  const first = book.covering(handles, 1);
  expect(book.covering(handles.slice(1), 2)).toBe(first);
  expect(first[0]?.dictionary.series.length).toBe(2);
});

test("a new series makes a new dictionary with another digest", () => {
  const table = createSampleTable();
  const book = bookOver(table);
  const sda = table.declare(disk("sda"));
  const before = book.covering([sda], 1)[0]?.dictionary.digest;
  const sdb = table.declare(disk("sdb"));
  const after = book.covering([sda, sdb], 2);
  expect(after[0]?.dictionary.digest).not.toBe(before);
  expect(after[0]?.columnOf.get(sdb)).toBe(1);
});

test("series nobody has heard of for a while are left out of the next dictionary", () => {
  const table = createSampleTable();
  const book = bookOver(table);
  const gone = table.declare(disk("gone"));
  book.covering([gone], 1);
  table.begin(5_000);
  const fresh = table.declare(disk("fresh"));
  const pages = book.covering([fresh], 5_000);
  expect(pages[0]?.dictionary.series.length).toBe(1);
  expect(pages[0]?.columnOf.has(gone)).toBe(false);
});

test("a series that lapses makes a new dictionary though none appears", () => {
  const table = createSampleTable();
  const book = bookOver(table);
  const [kept, gone] = [table.declare(disk("kept")), table.declare(disk("gone"))];
  const before = book.covering([kept, gone], 0);
  table.begin(900);
  table.declare(disk("kept"));
  expect(book.covering([kept], 900)).toBe(before);
  table.begin(901);
  table.declare(disk("kept"));
  const after = book.covering([kept], 901);
  expect(after[0]?.dictionary.series.length).toBe(1);
  expect(after[0]?.columnOf.has(gone)).toBe(false);
});

test("the scale and cadence of a request stand in its entry, attributes in order", () => {
  const table = createSampleTable();
  const book = bookOver(table);
  const handle = table.declare({
    metric: "system.disk.io",
    attributes: { "system.device": "sda", "disk.io.direction": "read" },
    exponent: 1,
    quantum: 512,
    cadenceMs: 30_000,
  });
  expect(book.covering([handle], 1)[0]?.dictionary.series).toEqual([
    {
      metric: "system.disk.io",
      attributes: [
        { key: "disk.io.direction", value: "read" },
        { key: "system.device", value: "sda" },
      ],
      exponent: 1,
      quantum: 512,
      cadenceMs: 30_000,
    },
  ]);
});

test("what one message cannot hold becomes several dictionaries, each within the limits", () => {
  const table = createSampleTable();
  const book = bookOver(table);
  const handles = Array.from({ length: 6_000 }, (_, index) =>
    table.declare(disk(`a-device-with-a-long-name-${index}`)),
  );
  const pages = book.covering(handles, 1);
  expect(pages.length).toBeGreaterThan(1);
  expect(pages.reduce((sum, page) => sum + page.columnOf.size, 0)).toBe(6_000);
  for (const { dictionary } of pages) {
    const frame = encodeAgentFrame({ kind: "dictionary", dictionary });
    expect(frame.byteLength).toBeLessThanOrEqual(wireLimits.messageBytesMax);
  }
});

test("two texts too long for the wire stay two series", () => {
  const table = createSampleTable();
  const book = bookOver(table);
  const long = "/very/long/".repeat(60);
  const handles = [table.declare(disk(`${long}a`)), table.declare(disk(`${long}b`))];
  const [page] = book.covering(handles, 1);
  const names = page?.dictionary.series.map((entry) => entry?.attributes.at(-1)?.value ?? "") ?? [];
  expect(new Set(names).size).toBe(2);
  for (const name of names) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(256);
});

test("series that come and go every step do not make a dictionary every step", () => {
  const table = createSampleTable();
  const book = bookOver(table);
  const digests = new Set<string>();
  for (let step = 0; step < 600; step += 1) {
    table.begin(step);
    const handle = table.declare(disk(`veth${step}`));
    for (const { dictionary } of book.covering([handle], step)) digests.add(dictionary.digest);
  }
  // 32 at once and one every two minutes: under the gateway's 64 and one a minute.
  expect(digests.size).toBeLessThanOrEqual(32 + 600 / 120);
  expect(digests.size).toBeGreaterThan(30);
});
