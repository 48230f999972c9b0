import { expect, test } from "vitest";
import { isStillMeant, type KeyMemory, type KeyPress, readKey } from "./key-commands.ts";

const press = (key: string, differs: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrl: false,
  other: false,
  isTyping: false,
  timeMs: 0,
  ...differs,
});

function type(...presses: KeyPress[]): (string | null)[] {
  let memory: KeyMemory | null = null;
  return presses.map((one) => {
    const read = readKey(memory, one);
    memory = read.memory;
    return read.command;
  });
}

test("single keys and pairs are commands", () => {
  expect(type(press("/"), press("j"), press("k"), press("x"), press("?"))).toEqual([
    "search",
    "next",
    "previous",
    "select",
    "help",
  ]);
  expect(type(press("g"), press("r"))).toEqual([null, "go-racks"]);
  expect(type(press("g"), press("p"))).toEqual([null, "go-plans"]);
  expect(type(press("g"), press("t"))).toEqual([null, "go-reports"]);
});

test("a g that nothing follows is forgotten after a while", () => {
  expect(type(press("g"), press("h", { timeMs: 1_501 }))).toEqual([null, null]);
  expect(type(press("g"), press("h", { timeMs: 1_500 }))).toEqual([null, "go-hosts"]);
});

test("a second key that makes no pair is read by itself", () => {
  expect(type(press("g"), press("j"))).toEqual([null, "next"]);
  expect(type(press("g"), press("g"), press("f"))).toEqual([null, null, "go-fleet"]);
});

test("letters in a field belong to the field, Ctrl K does not", () => {
  const isTyping = true;
  expect(
    type(press("g", { isTyping }), press("h", { isTyping }), press("/", { isTyping })),
  ).toEqual([null, null, null]);
  expect(type(press("K", { isTyping, ctrl: true }))).toEqual(["palette"]);
});

test("the browser's own keys stay the browser's", () => {
  expect(type(press("j", { other: true }), press("r", { ctrl: true }), press("toString"))).toEqual([
    null,
    null,
    null,
  ]);
});

test("what was pressed while the page loaded is done up to five seconds later", () => {
  expect(isStillMeant(100, 5_100)).toBe(true);
  expect(isStillMeant(100, 5_101)).toBe(false);
});
