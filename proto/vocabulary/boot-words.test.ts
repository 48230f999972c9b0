import { expect, test } from "vitest";
import { type BootWords, parseBootWords, writeBootWords } from "./boot-words.ts";

const words: BootWords = {
  url: "http://10.0.2.2:8080/v1",
  hostId: "0199b2c4-0000-7000-8000-000000000001",
  hostName: "nrt1-b07-u12",
  operationId: "0199b2c4-0000-7000-8000-000000000002",
  keyIds: ["a".repeat(64), "b".repeat(64)],
};

test("what a boot script writes is what the imaging OS reads", () => {
  const line = `console=ttyS0 quiet ${writeBootWords(words)} panic=10\n`;
  expect(parseBootWords(line)).toEqual(words);
});

test("words that are not given are not there, and none is written for them", () => {
  const none: BootWords = {
    url: null,
    hostId: null,
    hostName: null,
    operationId: null,
    keyIds: [],
  };
  expect(parseBootWords("console=ttyS0 quiet")).toEqual(none);
  expect(writeBootWords(none)).toBe("");
});

test.each([
  ["another scheme", "wws.url=file:///etc/passwd"],
  ["a user in the address", "wws.url=http://a@10.0.2.2/"],
  ["a quote", 'wws.name="x"'],
  ["a key that is cut", "wws.keys=abc"],
  ["nine keys", `wws.keys=${Array.from({ length: 9 }, () => "a".repeat(64)).join(",")}`],
  ["a name that is too long", `wws.name=${"x".repeat(65)}`],
])("%s counts as not there", (_, line) => {
  const { keyIds, ...rest } = parseBootWords(line);
  expect(keyIds).toEqual([]);
  expect(Object.values(rest)).toEqual([null, null, null, null]);
});

test("the first of two words counts, so that nothing appended takes its place", () => {
  expect(parseBootWords("wws.name=first wws.name=second").hostName).toBe("first");
});

test("a value that a boot script could not carry is refused where it is written", () => {
  expect(() => writeBootWords({ ...words, hostName: "a\nchain http://evil" })).toThrow("wws.name");
});
