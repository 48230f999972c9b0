import type { Command } from "commander";
import { expect, test } from "vitest";
import { createProgram } from "#fleet/cli/command-line.ts";
import { commandFor, commandRoutes } from "#fleet/federation/cell-commands.ts";
import { createTestTerminal } from "#test/support/test-terminal.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";

const { terminal } = createTestTerminal(createVirtualClock(), { local: { serve: async () => 0 } });
const program: Command = createProgram({
  terminal,
  client: () => Promise.reject(new Error("nobody is asked here")),
  endWith: () => {},
});

test.each(commandRoutes)("the command that a federation names for %s can be run", (asked) => {
  const [method = "", route = ""] = asked.split(" ");
  const command = commandFor({ method, route, id: "ID", body: { selector: "host-1" } });
  const [name, ...words] = command.split(" ");
  expect(name).toBe("wws-fleet");
  let verb = program;
  let rest: readonly string[] = [];
  for (const [at, word] of words.entries()) {
    const below = verb.commands.find((one) => one.name() === word);
    if (below === undefined) {
      rest = words.slice(at);
      break;
    }
    verb = below;
  }
  expect(verb.commands.map((below) => below.name())).toEqual([]);
  const known = new Set(verb.options.map(({ long }) => long));
  for (const word of rest.filter((one) => one.startsWith("--"))) expect(known).toContain(word);
  for (const option of verb.options.filter(({ mandatory }) => mandatory))
    if (option.defaultValue === undefined) expect(rest).toContain(option.long);
});
