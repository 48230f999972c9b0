import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type ConfigKey, configKeys, keyNames } from "./config-keys.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/operating/run.md"), "utf8");

test.each(keyNames())("docs/operating/run.md tells %s, its variable, flag and default", (name) => {
  const row = page.split("\n").find((line) => line.startsWith(`| \`${name}\` |`));
  expect(row).toBeDefined();
  const { environment, flag, default: value }: ConfigKey = configKeys[name];
  for (const word of [environment, flag]) if (word !== undefined) expect(row).toContain(word);
  if (value !== null && !Array.isArray(value)) expect(row).toContain(`\`${String(value)}\``);
});

test("it tells no key that is not there", () => {
  const told = [...page.matchAll(/^\| `([a-z_.]+)` \| (?:`WWS_|–)/gm)].map((match) => match[1]);
  expect(told).toEqual([...keyNames()]);
});
