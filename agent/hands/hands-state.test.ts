import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { fc } from "#test/support/properties.ts";
import { type HandsState, openHandsStateFile } from "./hands-state.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-hands-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const state: HandsState = {
  format: 1,
  hostId: "01930000-0000-7000-8000-00000000000b" as HostId,
  generation: 2,
  epoch: 7,
  isFenced: true,
  stopped: ["systemd:photo.service"],
};

test("what was written is read; where nothing was, there is nothing", () => {
  const file = openHandsStateFile(join(folder, "hands", "state.json"));
  expect(file.read()).toBeNull();
  file.write(state);
  expect(file.read()).toEqual(state);
});

test("half of it, or something else, is told as damaged", () => {
  const path = join(folder, "state.json");
  const text = JSON.stringify(state);
  fc.assert(
    fc.property(fc.nat(text.length - 1), (length) => {
      writeFileSync(path, text.slice(0, length));
      expect(() => openHandsStateFile(path).read()).toThrow("is damaged: move it away");
    }),
  );
  for (const change of [{ format: 2 }, { epoch: "7" }, { stopped: [5] }, { hostId: "x" }]) {
    writeFileSync(path, JSON.stringify({ ...state, ...change }));
    expect(() => openHandsStateFile(path).read()).toThrow("is damaged");
  }
});
