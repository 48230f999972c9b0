import { expect, test } from "vitest";
import { parseAptUris } from "./apt-uris.ts";

const line =
  "'http://deb.debian.org/debian/pool/main/b/busybox/busybox-static_1.35.0-4%2bdeb12u1%2bb1_amd64.deb' " +
  "busybox-static_1%3a1.35.0-4+deb12u1+b1_amd64.deb 928188 " +
  "SHA256:3d3fdbe91d4660c873e14b092c213fe81c1da6362daa236eb25d0171eb108744";

test("an exact version with what its bytes must be", () => {
  expect(parseAptUris(`Reading package lists...\n${line}\n`)).toEqual([
    {
      name: "busybox-static",
      version: "1:1.35.0-4+deb12u1+b1",
      architecture: "amd64",
      url: "http://deb.debian.org/debian/pool/main/b/busybox/busybox-static_1.35.0-4%2bdeb12u1%2bb1_amd64.deb",
      file: "busybox-static_1%3a1.35.0-4+deb12u1+b1_amd64.deb",
      bytes: 928188,
      sha256: "3d3fdbe91d4660c873e14b092c213fe81c1da6362daa236eb25d0171eb108744",
    },
  ]);
});

test.each([
  ["no hash", line.replace(/ SHA256.*/, "")],
  ["a weaker hash", line.replace(/SHA256:.*/, "MD5Sum:00112233445566778899aabbccddeeff")],
  ["a path in the file's name", line.replace(" busybox-static_1", " ../busybox-static_1")],
  ["an address that is no web page", line.replace("'http://", "'file:///")],
])("%s is refused", (_, text) => {
  expect(() => parseAptUris(text)).toThrow("cannot be read");
});

test("nothing is nothing", () => {
  expect(parseAptUris("E: Unable to locate package nonsense\n")).toEqual([]);
});
