import { execFileSync } from "node:child_process";
import { fc } from "#test/support/properties.ts";
import { expect, test } from "vitest";
import { shellQuote } from "./shell-words.ts";

test("a plain name stays as it is", () => {
  expect(shellQuote("fra2-b07.u12")).toBe("fra2-b07.u12");
  expect(shellQuote("-rf")).toBe("'-rf'");
});

test("whatever a machine calls itself, a shell reads one word", () => {
  const names = fc.sample(
    fc.string({ minLength: 1 }).filter((name) => !name.includes("\0")),
    60,
  );
  const hostile = [
    ...names,
    "~",
    "~root",
    "=ls",
    "a=~",
    "-n",
    "a'b",
    "$(reboot)",
    "`id`",
    "a b",
    '"',
    "\\",
    "\n",
  ];
  const said = execFileSync("sh", ["-c", `printf '%s\\0' ${hostile.map(shellQuote).join(" ")}`]);
  expect(said.toString().split("\0").slice(0, -1)).toEqual(hostile);
});
