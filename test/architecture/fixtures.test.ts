import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { loadFixture } from "#agent/hardware/fixture.ts";
import { fixtureBytesMax } from "#agent/hardware/fixture-format.ts";
import { digestOfFolder } from "#agent/hardware/write-fixture.ts";
import { readDemoEstate } from "#fleet/cli/demo-estate.ts";
import { syntheticServers } from "#test/support/synthetic-host/synthetic-servers.ts";
import { judgeFixtureText } from "./judge-fixture-text.ts";

/**
 * What holds for all of hardware-fixtures together. What one fixture must be by itself is in
 * test/replay: it is carried through and compared with what a person read in it.
 */
const root = join(import.meta.dirname, "../../hardware-fixtures");
const hosts = readdirSync(join(root, "hosts")).sort();
const bmcs = readdirSync(join(root, "bmcs")).sort();
const generated = new Set(syntheticServers.map(({ name }) => name));

test("it holds recordings, estates and a README, and no code", () => {
  expect(readdirSync(root).sort()).toEqual(["README.md", "bmcs", "failures", "hosts", "sites"]);
  const files = filesBelow(root);
  expect(files.filter((path) => /\.(?:[cm]?[jt]sx?|sh|py)$/.test(path))).toEqual([]);
  for (const path of files)
    expect(lstatSync(join(root, path)).mode & 0o111, `${path} is no program`).toBe(0);
});

test("the README names every host, every failure and every estate", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const failures = readdirSync(join(root, "failures")).map((name) => `failures/${name}`);
  const machines = hosts.map((name) => `hosts/${name}`);
  for (const path of [...machines, ...failures, "sites/demo.json"])
    expect(readme, path).toContain(path);
});

test("every host is in the demo's estate, and nothing else is", () => {
  const estate = readDemoEstate(join(root, "sites/demo.json"));
  const used = new Set(
    estate.sites.flatMap(({ racks }) =>
      racks.flatMap((rack) => rack.hosts.map(({ fixture }) => fixture)),
    ),
  );
  expect([...used].sort()).toEqual(hosts);
});

test("what the generator makes says so, and what was recorded does not", () => {
  for (const name of hosts) {
    const { facts } = loadFixture(join(root, "hosts", name));
    const isGenerated = generated.has(name);
    expect(facts.synthetic.is, name).toBe(isGenerated);
    expect(facts.provenance.recordedBy.includes("synthetic-host"), name).toBe(isGenerated);
    expect(/^example-/.test(name), `${name}: made-up machines are Example's`).toBe(isGenerated);
  }
  expect([...generated].filter((name) => !hosts.includes(name))).toEqual([]);
});

describe.each(hosts)("hosts/%s", (name) => {
  const folder = join(root, "hosts", name);
  const files = filesBelow(folder);

  test("has no file that its digest does not cover, beside fixture.json and what a person wrote", () => {
    const { facts } = loadFixture(folder);
    const { sha256, files: count, bytes } = digestOfFolder(folder);
    expect({ sha256, files: count, bytes }).toEqual({ sha256: facts.sha256, ...facts.size });
    expect(
      files.filter((path) => !/^(?:frames\/\d{4}\/|expected\/|fixture\.json$)/.test(path)),
    ).toEqual([]);
    expect(bytes).toBeLessThanOrEqual(fixtureBytesMax);
    const frames = facts.frames.map(({ dir }) => dir);
    expect(readdirSync(join(folder, "frames")).sort()).toEqual(frames);
  });

  test("has no links, and the links of the machine, kept as text, are relative", () => {
    const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
    expect(entries.filter((entry) => entry.isSymbolicLink())).toEqual([]);
    for (const { links } of loadFixture(folder).frames)
      for (const [path, target] of Object.entries(links)) expect(target, path).not.toMatch(/^\//);
  });

  test("holds nothing private that can be told by its form", () => {
    const { facts } = loadFixture(folder);
    const macs = new Set<string>();
    const findings = files.flatMap((path) => {
      const judged = judgeFixtureText(readFileSync(join(folder, path)).toString("latin1"));
      for (const mac of judged.macs) macs.add(mac);
      return judged.findings.map((what) => `${path}: ${what}`);
    });
    expect(findings).toEqual([]);
    // Each address was replaced by one: there are no more of them than were noted.
    expect(macs.size).toBeLessThanOrEqual(facts.scrub.replaced["mac"] ?? 0);
  });
});

describe.each(bmcs)("bmcs/%s", (name) => {
  const folder = join(root, "bmcs", name);
  const files = filesBelow(folder);

  test("is a recording of `bmc probe`, with what a person read in it, and small", () => {
    const known = ["expected/facts.json", "ipmi.json", "probe.json", "redfish.json"];
    expect(files.filter((path) => !known.includes(path))).toEqual([]);
    expect(files).toContain("expected/facts.json");
    for (const path of files) expect(lstatSync(join(folder, path)).size).toBeLessThan(512 * 1024);
  });

  test("holds nothing private that can be told by its form", () => {
    const findings = files.flatMap((path) => {
      const judged = judgeFixtureText(readFileSync(join(folder, path)).toString("latin1"));
      return judged.findings.map((what) => `${path}: ${what}`);
    });
    expect(findings).toEqual([]);
  });
});

test.each([
  ["inet 10.1.2.3/24", "a private address"],
  ["gw 192.168.0.1 dev", "a private address"],
  ["172.20.0.9 ", "a private address"],
  ["-----BEGIN CERTIFICATE-----", "a PEM block"],
  ["Password: x", "the word password"],
  ["root:$6$abcdefgh$0123456789", "a password's hash"],
  ["someone@example-company.com", "a mail address"],
])("%j is found by the scan", (text, what) => {
  expect(judgeFixtureText(text).findings).toEqual([what]);
});

test("addresses for documentation, loopback and versions are nobody's", () => {
  const text = "192.0.2.7 127.0.0.1 Firmware Version: 10.0.0.1 00:00:00:00:00:00 3172.16.0.1";
  expect(judgeFixtureText(text)).toEqual({ findings: [], macs: [] });
  expect(judgeFixtureText("02:E5:00:4a:d3:ef").macs).toEqual(["02:e5:00:4a:d3:ef"]);
});

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
