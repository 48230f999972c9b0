import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readElfNeeds, withoutSections } from "./elf-needs.ts";

const node = readFileSync(process.execPath);

test("Node's own file names its loader and its libraries", () => {
  const needs = readElfNeeds(node);
  expect(needs?.loader).toMatch(/^\/lib.*\/ld-linux/);
  expect(needs?.libraries).toContain("libc.so.6");
  expect(needs?.libraries.every((name) => /^[A-Za-z0-9_.+-]+$/.test(name))).toBe(true);
});

test("what is cut off is not loaded, and what is left needs the same", () => {
  const cut = withoutSections(node);
  expect(cut.length).toBeLessThan(node.length);
  expect(readElfNeeds(cut)).toEqual(readElfNeeds(node));
  expect(Buffer.from(cut).equals(withoutSections(cut))).toBe(true);
});

test("a script is no ELF file, and stays as it is", () => {
  const script = Buffer.from(
    "#!/bin/sh\necho hello, this is longer than the head of an ELF file\n",
  );
  expect(readElfNeeds(script)).toBeNull();
  expect(withoutSections(script)).toBe(script);
});

test("a file that ends before its segments do is told, not read past its end", () => {
  expect(() => readElfNeeds(node.subarray(0, 4_096))).toThrow("an ELF file");
});

test("a table of segments that lies outside of the file is told", () => {
  const damaged = Buffer.from(node.subarray(0, 8_192));
  damaged.writeBigUInt64LE(1n << 40n, 32);
  expect(() => readElfNeeds(damaged)).toThrow("table of segments");
});
