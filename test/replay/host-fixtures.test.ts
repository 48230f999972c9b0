import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadFixture } from "#agent/hardware/fixture.ts";
import { fixtureBytesMax } from "#agent/hardware/fixture-format.ts";
import { scanFixture } from "#agent/hardware/scan-fixture.ts";
import { Scrubber } from "#proto/scrub/scrubber.ts";
import { digestOfFolder } from "#agent/hardware/write-fixture.ts";
import type { Identity } from "#proto/messages/state.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { type CarriedSeries, carryFixture } from "./carry-fixture.ts";
import { type ExpectedPoint, readExpectedFacts } from "./expected-facts.ts";

const hostsFolder = join(import.meta.dirname, "../../hardware-fixtures/hosts");
const names = readdirSync(hostsFolder).sort();

test("there are host fixtures, each a folder named vendor-model", () => {
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) expect(name).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)+$/);
});

describe.each(names)("%s", (name) => {
  const folder = join(hostsFolder, name);
  const fixture = loadFixture(folder);

  test("is named as its folder, within its size, and every file is in its digest", () => {
    const { facts } = fixture;
    expect(facts.name).toBe(name);
    expect(facts.size.bytes).toBeLessThanOrEqual(fixtureBytesMax);
    expect(digestOfFolder(folder)).toEqual({ sha256: facts.sha256, ...facts.size });
    expect(facts.synthetic.is).toBe(facts.synthetic.what !== null);
    expect(facts.scrub.reviewedBy, "a person must have read it").not.toBeNull();
    expect(fixture.frames.length).toBeGreaterThanOrEqual(5);
  });

  test("says why each unknown fact is unknown, and holds nothing beside what belongs there", () => {
    expect(
      nullsOf(fixture.facts).filter((path) => fixture.facts.unknown[path] === undefined),
    ).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(["expected", "fixture.json", "frames"]);
    const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
    expect(entries.filter((entry) => entry.isSymbolicLink()).map(({ name: link }) => link)).toEqual(
      [],
    );
  });

  test("holds nothing that a scan would stop at", () => {
    const files = readdirSync(join(folder, "frames"), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    // MAC addresses are replaced in place: here only the forms can be judged.
    const findings = scanFixture(
      files.map((path) => ({ path, bytes: readFileSync(path), isCounter: true })),
      new Scrubber(createSeededRandom(1)),
    );
    expect(
      findings.filter((finding) => !finding.endsWith("a MAC address that was not replaced")),
    ).toEqual([]);
  });

  test("collected, reported, encoded, decoded and kept, it is what a person read in it", async () => {
    expect(existsSync(join(folder, "expected"))).toBe(true);
    const { state, points, record } = await carryFixture(fixture);
    expect(state.collectors.filter(({ outcome }) => outcome === "failed")).toEqual([]);
    for (const facts of readExpectedFacts(folder)) {
      for (const { what, is, from } of facts.identity)
        expect(valueAt(state.identity, what), `${what}: ${from}`).toEqual(is);
      expect(state.powerSource).toBe(facts.powerSource);
      expect(record.hardwareClass).toBe(facts.hardwareClass);
      for (const point of facts.points) expectPoint(points, point);
      for (const { what, attributes = {}, reason, from } of facts.absent)
        expect(
          state.absences.find(
            (absence) =>
              absence.what === what &&
              Object.entries(attributes).every(([key, value]) =>
                absence.attributes.some((one) => one.key === key && one.value === value),
              ),
          ),
          `${what}: ${from}`,
        ).toMatchObject({ reason });
    }
  });
});

function expectPoint(series: readonly CarriedSeries[], point: ExpectedPoint): void {
  const { metric, attributes, frame, is, within = 0, from } = point;
  const wanted = JSON.stringify(Object.entries(attributes).sort());
  const found = series.find(
    (one) =>
      one.metric === metric && JSON.stringify(Object.entries(one.attributes).sort()) === wanted,
  );
  const value = found?.values[frame] ?? null;
  const where = `${metric} ${wanted} in frame ${frame}: ${from}`;
  if (is === null || value === null) expect(value, where).toBe(is);
  else expect(Math.abs(value - is), `${where}; is ${value}, not ${is}`).toBeLessThanOrEqual(within);
}

/** `processor.cores`, or `components.disk.vda.sizeBytes` by kind and slot. */
function valueAt(identity: Identity, path: string): unknown {
  const [first, kind, slot, ...rest] = path.split(".");
  if (first === "components" && slot !== undefined) {
    const found = identity.components.find((one) => one.kind === kind && one.slot === slot);
    return rest.length === 0 ? found : fieldOf(found, rest);
  }
  if (first === "components" && kind !== undefined)
    return identity.components.filter((one) => one.kind === kind).length;
  return fieldOf(identity, path.split("."));
}

function fieldOf(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const key of path)
    at = typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined;
  return at;
}

function nullsOf(value: object, path = ""): readonly string[] {
  return Object.entries(value).flatMap(([key, item]) => {
    const name = path === "" ? key : `${path}.${key}`;
    if (item === null) return name.startsWith("denied") ? [] : [name];
    return typeof item === "object" && !Array.isArray(item) ? nullsOf(item, name) : [];
  });
}
