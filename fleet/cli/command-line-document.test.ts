import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { createTestTerminal } from "#test/support/test-terminal.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { createProgram } from "./command-line.ts";
import { exitCodes } from "./exit-codes.ts";

const path = join(import.meta.dirname, "../../docs/operating/command-line.md");
const document = readFileSync(path, "utf8");

function leaves(command: Command, words: readonly string[]): readonly string[] {
  if (command.commands.length === 0) return [words.join(" ")];
  return command.commands.flatMap((below) => leaves(below, [...words, below.name()]));
}

test("docs/operating/command-line.md names every command", () => {
  const { terminal } = createTestTerminal(createVirtualClock(), {
    local: { serve: async () => 0 },
  });
  const client = () => Promise.reject(new Error("nobody is asked here"));
  const commands = leaves(createProgram({ terminal, client, endWith: () => {} }), []);
  expect(commands.length).toBeGreaterThan(20);
  for (const command of commands) {
    expect(document, command).toMatch(new RegExp(`\`${command}[\` ]`));
  }
});

test("docs/operating/command-line.md names every exit code", () => {
  for (const code of Object.values(exitCodes)) expect(document).toContain(`\n| ${code} | `);
});
