import { expect, test } from "vitest";
import { createReadOnce } from "./read-once.ts";

function counted(keptMax: number) {
  const parsed: string[] = [];
  const read = createReadOnce((json) => {
    parsed.push(json);
    return JSON.parse(json) as unknown;
  }, keptMax);
  return { read, parsed };
}

test("a text is parsed once, and another text of the same record anew", () => {
  const { read, parsed } = counted(10);
  const first = read("a", "[1]");
  expect(read("a", "[1]")).toBe(first);
  expect(read("a", "[2]")).toEqual([2]);
  expect(read("a", "[1]")).toEqual([1]);
  expect(parsed).toEqual(["[1]", "[2]", "[1]"]);
});

test("a text that cannot be read is refused each time", () => {
  const { read } = counted(10);
  expect(() => read("a", "[")).toThrow();
  expect(() => read("a", "[")).toThrow();
});

test("what is read again and again stays, what is not is let go", () => {
  const { read, parsed } = counted(2);
  for (let round = 0; round < 6; round += 1) {
    read("often", "0");
    read(`once ${round}`, "1");
  }
  expect(parsed.filter((json) => json === "0")).toHaveLength(1);
  read("once 0", "1");
  expect(parsed.filter((json) => json === "1")).toHaveLength(7);
});
