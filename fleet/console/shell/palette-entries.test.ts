import { expect, test } from "vitest";
import { someHost } from "../some-host.test-data.ts";
import {
  actionEntries,
  findEntries,
  hostEntries,
  pageEntries,
  rankHosts,
} from "./palette-entries.ts";

const words = (typed: string) =>
  findEntries([...pageEntries, ...actionEntries], typed, 20).map((entry) => entry.words);

test("without words everything is there, pages first", () => {
  expect(words("")).toHaveLength(pageEntries.length + actionEntries.length);
  expect(words("").slice(0, 3)).toEqual(["Fleet", "Racks", "Hosts"]);
});

test("what begins with the text comes before what holds it", () => {
  expect(words("hos").at(0)).toBe("Hosts");
  expect(words("LOST hosts")).toEqual(["Hosts that are lost"]);
  expect(words("nothing like it")).toEqual([]);
});

test("a host is found by name and shows its link and serial, as text and nothing else", () => {
  const [entry] = hostEntries([someHost({ name: "<b>x</b>", id: "a/b" })]);
  expect(entry).toMatchObject({
    words: "<b>x</b>",
    hint: "host · connected · SN0001",
    goal: { to: "/hosts/a%2Fb" },
  });
});

test("the host of that very name comes before those that only hold it", () => {
  const named = (name: string) => someHost({ name });
  const found = rankHosts([named("a-kvm"), named("vm-2"), named("x"), named("VM")], " vm");
  expect(found.map(({ name }) => name)).toEqual(["VM", "vm-2", "a-kvm", "x"]);
});
