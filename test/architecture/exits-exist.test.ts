import type { Command } from "commander";
import { expect, test } from "vitest";
import { problems } from "#fleet/api/problems.ts";
import { createProgram } from "#fleet/cli/command-line.ts";
import { exits } from "#fleet/lifecycle/exits.ts";
import { createTestTerminal } from "#test/support/test-terminal.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { readSources, repositoryRoot } from "./source-files.ts";

const { terminal } = createTestTerminal(createVirtualClock(), {
  local: { serve: async () => 0 },
});
const program: Command = createProgram({
  terminal,
  client: () => Promise.reject(new Error("nobody is asked here")),
  endWith: () => {},
});

/** Follows the verbs of a command; what is left are its arguments and options. */
function resolve(command: string): { readonly verb: Command; readonly rest: readonly string[] } {
  const [name, ...words] = command.split(" ");
  expect(name).toBe("wws-fleet");
  let verb = program;
  for (const [at, word] of words.entries()) {
    const below = verb.commands.find((one) => one.name() === word);
    if (below === undefined) return { verb, rest: words.slice(at) };
    verb = below;
  }
  return { verb, rest: [] };
}

const someone = { name: "host-1" } as never;
const commands = Object.entries(exits).map(([name, write]): readonly [string, string] => [
  name,
  (write as (subject: never) => string)(
    /^(manage|explain|drain|forceDrain|reboot|returnHost|clear|locate|locateOff)$/.test(name)
      ? someone
      : ("ID" as never),
  ),
]);

test.each(commands)("the exit %s is a command that can be run as it stands: %s", (_, command) => {
  const { verb, rest } = resolve(command);
  expect(verb.commands.map((below) => below.name())).toEqual([]);
  const { operands, unknown } = verb.parseOptions([...rest]);
  expect(unknown, "options that it does not know").toEqual([]);
  const wanted = verb.registeredArguments.filter(({ required }) => required);
  expect(operands.length).toBeGreaterThanOrEqual(wanted.length);
  expect(operands.length).toBeLessThanOrEqual(verb.registeredArguments.length);
  for (const option of verb.options.filter(({ mandatory }) => mandatory))
    if (option.defaultValue === undefined) expect(rest).toContain(option.long);
});

test("no reason spells its command by itself: each is an exit", () => {
  const spelled = readSources(repositoryRoot, [
    "fleet/lifecycle",
    "fleet/executor",
    "fleet/life",
    "fleet/tenancy",
  ])
    .filter(({ path }) => !/\.test(-data)?\.ts$/.test(path) && path !== "fleet/lifecycle/exits.ts")
    .filter(({ text }) => /["`]wws-fleet [a-z]/.test(text))
    .map(({ path }) => path);
  expect(spelled).toEqual([]);
});

test("what the hints of refusals name are commands", () => {
  const named = Object.values(problems).flatMap(({ hint }) =>
    [...hint.matchAll(/`(wws-fleet [^`]+)`/g)].map(([, command = ""]) => command),
  );
  expect(named.length).toBeGreaterThan(10);
  for (const command of named) expect(resolve(command).verb.commands, command).toEqual([]);
});
