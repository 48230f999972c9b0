import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { joinRaw, rawBytes, rawNumber } from "#test/support/raw-protobuf.ts";
import { sampleDictionary } from "#test/support/sample-messages.ts";
import type { Series } from "#proto/messages/series.ts";
import { metrics } from "#proto/vocabulary/metrics.ts";
import { decodeAgentFrame, encodeAgentFrame } from "./agent-frames.ts";
import { dictionaryDigest } from "./dictionary-digest.ts";
import { seriesToWire } from "./dictionary-fields.ts";
import { schema } from "./schema.ts";

const [cpu, disk] = sampleDictionary.series;
if (!cpu || !disk) throw new Error("the sample dictionary has two series");

type WireSeries = Parameters<typeof schema.Series.encode>[0];

/** A dictionary frame of these encoded entries, under the digest that they have. */
function frameOf(...entries: Uint8Array[]): Uint8Array {
  const records = joinRaw(...entries.map((entry) => rawBytes(2, entry)));
  const digest = createHash("sha256").update(records).digest().subarray(0, 16);
  return rawBytes(2, rawBytes(1, digest), records);
}

function decodeEntry(change: WireSeries, base: Series = cpu as Series) {
  return decodeAgentFrame(
    frameOf(schema.Series.encode({ ...seriesToWire(base), ...change }).finish()),
  );
}

describe("a dictionary", () => {
  test.each([
    ["no metric", { metric: "" }, "field-missing", "metric"],
    ["a metric of control characters", { metric: "a\u0007" }, "field-invalid", "metric"],
    ["another unit than the catalogue's", { unit: "%" }, "field-invalid", ""],
    ["another kind than the catalogue's", { kind: 1 }, "field-invalid", ""],
    ["no kind", { kind: 0 }, "field-invalid", ""],
    ["no quantum", { quantum: 0 }, "field-invalid", "quantum"],
    ["no cadence", { cadenceMs: 0 }, "field-invalid", "cadence_ms"],
    ["an exponent no unit needs", { exponent: -25 }, "field-invalid", "exponent"],
    [
      "an attribute without a key",
      { attributes: [{ key: "", value: "x" }] },
      "field-missing",
      "attributes.key",
    ],
    [
      "one attribute twice",
      {
        attributes: [
          { key: "a", value: "1" },
          { key: "a", value: "2" },
        ],
      },
      "field-invalid",
      "attributes.key",
    ],
    [
      "attributes out of order",
      {
        attributes: [
          { key: "b", value: "1" },
          { key: "a", value: "2" },
        ],
      },
      "field-invalid",
      "attributes.key",
    ],
    [
      "an attribute with a line break",
      { attributes: [{ key: "a", value: "1\n2" }] },
      "field-invalid",
      "attributes.value",
    ],
    [
      "an attribute longer than 256 bytes",
      { attributes: [{ key: "a", value: "ä".repeat(129) }] },
      "limit-exceeded",
      "attributes.value",
    ],
  ])("with a series of %s is refused", (_, change, kind, where) => {
    const place = ["dictionary.series[0]", where].filter(Boolean).join(".");
    expect(decodeEntry(change)).toMatchObject({ ok: false, problem: { kind, where: place } });
  });

  test("whose series is whole decodes", () => {
    expect(decodeEntry({}).ok).toBe(true);
  });

  test("may have every metric of the catalogue", () => {
    const series = (Object.keys(metrics) as (keyof typeof metrics)[]).map((metric) => ({
      ...cpu,
      metric,
    }));
    const dictionary = { digest: dictionaryDigest(series), series };
    expect(decodeAgentFrame(encodeAgentFrame({ kind: "dictionary", dictionary }))).toEqual({
      ok: true,
      value: { kind: "dictionary", dictionary },
    });
  });

  test("keeps the place of a metric that only a newer agent knows", () => {
    const known = schema.Series.encode(seriesToWire(disk)).finish();
    const kindOfTomorrow = rawNumber(2, 3);
    const newer = joinRaw(
      schema.Series.encode({ ...seriesToWire(cpu), metric: "hw.fan.torque", unit: "N.m" }).finish(),
      kindOfTomorrow,
    );
    expect(decodeAgentFrame(frameOf(newer, known))).toMatchObject({
      value: { dictionary: { series: [null, disk] } },
    });
  });

  test("of a newer agent keeps its digest though an entry has fields we do not know", () => {
    const entry = schema.Series.encode(seriesToWire(cpu)).finish();
    const decoded = decodeAgentFrame(frameOf(joinRaw(entry, rawNumber(50, 1), rawBytes(51, "x"))));
    expect(decoded).toMatchObject({ ok: true, value: { dictionary: { series: [cpu] } } });
  });

  test("whose digest lies between and after its entries decodes the same", () => {
    const entries = [cpu, disk].map((one) =>
      rawBytes(2, schema.Series.encode(seriesToWire(one)).finish()),
    );
    const digest = rawBytes(1, Buffer.from(dictionaryDigest([cpu, disk]), "hex"));
    const [first = new Uint8Array(0), second = new Uint8Array(0)] = entries;
    for (const body of [
      [first, digest, second],
      [first, second, digest],
      [first, rawNumber(9, 1), second, digest],
    ]) {
      expect(decodeAgentFrame(rawBytes(2, ...body)).ok).toBe(true);
    }
  });

  test("whose digest is not that of its entries is refused", () => {
    const dictionary = { ...sampleDictionary, series: [cpu] };
    expect(decodeAgentFrame(encodeAgentFrame({ kind: "dictionary", dictionary }))).toMatchObject({
      problem: { kind: "checksum-wrong", where: "dictionary.digest" },
    });
  });

  test("that names one series twice is refused, scaled differently or not", () => {
    const one = schema.Series.encode(seriesToWire(cpu)).finish();
    const again = schema.Series.encode({ ...seriesToWire(cpu), exponent: -2 }).finish();
    expect(decodeAgentFrame(frameOf(one, again))).toMatchObject({
      problem: { kind: "field-invalid", where: "dictionary.series[1]" },
    });
  });

  test("may be empty", () => {
    expect(decodeAgentFrame(frameOf())).toMatchObject({ value: { dictionary: { series: [] } } });
  });
});

describe("the digest", () => {
  test("is the first half of a SHA-256 over the entries as they are sent", () => {
    const frame = frameOf(
      ...[cpu, disk].map((one) => schema.Series.encode(seriesToWire(one)).finish()),
    );
    const decoded = decodeAgentFrame(frame);
    expect(decoded).toMatchObject({
      value: { dictionary: { digest: dictionaryDigest([cpu, disk]) } },
    });
    expect(dictionaryDigest([cpu, disk])).toMatch(/^[0-9a-f]{32}$/);
  });

  test("does not depend on the order in which attributes were given", () => {
    const turned = { ...disk, attributes: disk.attributes.toReversed() };
    expect(dictionaryDigest([turned])).toBe(dictionaryDigest([disk]));
  });

  test.each([
    ["the order of series", [disk, cpu]],
    ["a scale", [{ ...cpu, exponent: -3 }, disk]],
    ["a cadence", [cpu, { ...disk, cadenceMs: 5_000 }]],
    ["an attribute", [cpu, { ...disk, attributes: [] }]],
    ["a series more", [cpu, disk, { ...cpu, attributes: disk.attributes }]],
  ])("changes with %s", (_, series) => {
    expect(dictionaryDigest(series)).not.toBe(dictionaryDigest([cpu, disk]));
  });
});
