import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { allRules } from "./all-rules.ts";
import { rebootCauses } from "./reboot-facts.ts";

const document = readFileSync(join(import.meta.dirname, "../../docs/health.md"), "utf8");
const rows = document.split("\n").filter((line) => line.startsWith("| `"));

test.each(allRules.map((rule) => [rule.name, rule] as const))(
  "docs/health.md tells the rule %s with its times",
  (name, { holdMs, clearMs }) => {
    const row = rows.find((line) => line.startsWith(`| \`${name}\` |`));
    expect(row).toMatch(new RegExp(`\\| ${holdMs / 1_000} s \\| ${clearMs / 60_000} min \\|$`));
  },
);

test("docs/health.md tells every cause of a reboot, and no rule that is not there", () => {
  const names = rows.map((line) => /^\| `([^`]+)`/.exec(line)?.[1]);
  expect(names.toSorted()).toEqual(
    [...allRules.map(({ name }) => name), ...rebootCauses].toSorted(),
  );
});
