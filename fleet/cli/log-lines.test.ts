import { expect, test } from "vitest";
import { plainLines, readableLines } from "./log-lines.ts";

const log = [
  '{"level":30,"time":1,"msg":"manager listens","url":"http://x"}',
  '{"level":60,"time":2,"err":{"type":"StoreError","message":"the disk is full"},"msg":"manager did not start"}',
  "wws-fleet: the disk is full",
  "{ not json",
  "",
].join("\n");

test("log lines become level, message and the error's words; plain words stay", () => {
  expect(readableLines(log)).toEqual([
    "[info] manager listens",
    "[fatal] manager did not start: the disk is full",
    "wws-fleet: the disk is full",
    "{ not json",
  ]);
});

test("plain words can be had alone", () => {
  expect(plainLines(readableLines(log))).toEqual(["wws-fleet: the disk is full", "{ not json"]);
});

test("only the end of a long log is shown", () => {
  const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`);
  expect(readableLines(lines.join("\n"))[0]).toBe("line 88");
});
