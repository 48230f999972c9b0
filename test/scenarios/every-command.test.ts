import { readdirSync, readFileSync } from "node:fs";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { createProgram } from "#fleet/cli/command-line.ts";
import { createTestTerminal } from "#test/support/test-terminal.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";

/** Commands that no story tells, and why. */
const untold: Readonly<Record<string, string>> = {
  "region list": "only lists",
  "region show": "only shows",
  "site list": "only lists",
  "rack list": "only lists",
  "rack show": "only shows",
  "host telemetry": "only shows figures",
  "config check": "looks at this machine's own files",
  "completion bash": "prints a script",
  "completion zsh": "prints a script",
  "completion fish": "prints a script",
  "bmc probe": "asks a BMC itself, without a manager",
  "image build": "builds a file by itself, without a manager",
};

test("every command stands in a story, or in the list of those that need none", () => {
  const folder = new URL("./golden/", import.meta.url);
  const typed = readdirSync(folder)
    .flatMap((name) => readFileSync(new URL(name, folder), "utf8").split("\n"))
    .flatMap((line) => /^(?:\S+ )?\$ wws-fleet (.*)$/.exec(line)?.[1] ?? []);
  const isTold = (command: string): boolean =>
    typed.some((line) => line === command || line.startsWith(`${command} `));
  const commands = leavesOf(createProgram(session()), "");
  expect(commands.length).toBeGreaterThan(60);
  expect(commands.filter((command) => !isTold(command) && untold[command] === undefined)).toEqual(
    [],
  );
  // What has a story, or is no command, needs no reason.
  const needless = Object.keys(untold).filter(
    (command) => isTold(command) || !commands.includes(command),
  );
  expect(needless).toEqual([]);
});

function session(): Parameters<typeof createProgram>[0] {
  const { terminal } = createTestTerminal(createVirtualClock());
  return {
    terminal,
    client: () => Promise.reject(new Error("no command is run here")),
    endWith() {},
  };
}

function leavesOf(command: Command, name: string): readonly string[] {
  if (command.commands.length === 0) return [name];
  return command.commands.flatMap((below) =>
    leavesOf(below, name === "" ? below.name() : `${name} ${below.name()}`),
  );
}
