import { expect, test } from "vitest";
import { type ArchiveEntry, writeCpio } from "./cpio-archive.ts";

const text = (path: string, content: string, mode = 0o644): ArchiveEntry => ({
  kind: "file",
  path,
  bytes: Buffer.from(content),
  mode,
});
const entries: readonly ArchiveEntry[] = [
  text("init", "#!/bin/sh\n", 0o755),
  { kind: "link", path: "bin/sh", target: "busybox" },
  text("bin/busybox", "b", 0o755),
  { kind: "folder", path: "proc" },
];

test("the order in which entries are given does not change a byte", () => {
  expect(writeCpio(entries.toReversed())).toEqual(writeCpio(entries));
});

test("what it writes is read back member by member: folders, links, modes, times and bytes", () => {
  const members = readBack(writeCpio(entries));
  expect(members.map(({ path }) => path)).toEqual([
    "bin",
    "bin/busybox",
    "bin/sh",
    "init",
    "proc",
    "TRAILER!!!",
  ]);
  expect(members[0]?.mode).toBe(0o040755);
  expect(members[1]).toMatchObject({ mode: 0o100755, body: "b" });
  expect(members[2]).toMatchObject({ mode: 0o120777, body: "busybox" });
  expect(members.slice(0, 5).map(({ inode }) => inode)).toEqual([1, 2, 3, 4, 5]);
  expect(members.every(({ times }) => times.every((one) => one === 0))).toBe(true);
});

test.each([
  ["a path from the root", "/init"],
  ["a way out", "a/../../b"],
  ["an empty part", "a//b"],
  ["a zero", "a\0b"],
])("%s is refused", (_, path) => {
  expect(() => writeCpio([text(path, "")])).toThrow("no path for an archive");
});

test("a path that occurs twice is refused, and so is one inside a file", () => {
  expect(() => writeCpio([text("a", "1"), text("a", "2")])).toThrow("occurs twice");
  expect(() => writeCpio([text("a", "1"), text("a/b", "2")])).toThrow("no folder");
});

interface Member {
  readonly path: string;
  readonly inode: number;
  readonly mode: number;
  readonly times: readonly number[];
  readonly body: string;
}

/** Reads by the format's description, beside the writer's own arithmetic. */
function readBack(bytes: Uint8Array): readonly Member[] {
  const view = Buffer.from(bytes);
  const members: Member[] = [];
  for (let at = 0; at + 110 <= view.length; ) {
    expect(view.toString("latin1", at, at + 6)).toBe("070701");
    const field = (index: number): number =>
      Number.parseInt(view.toString("latin1", at + 6 + index * 8, at + 14 + index * 8), 16);
    const [size, nameSize] = [field(6), field(11)];
    const path = view.toString("utf8", at + 110, at + 110 + nameSize - 1);
    const from = Math.ceil((at + 110 + nameSize) / 4) * 4;
    const body = view.toString("utf8", from, from + size);
    members.push({ path, inode: field(0), mode: field(1), times: [field(5)], body });
    if (path === "TRAILER!!!") break;
    at = Math.ceil((from + size) / 4) * 4;
  }
  return members;
}
