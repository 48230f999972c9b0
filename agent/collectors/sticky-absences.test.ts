import { expect, test } from "vitest";
import { absent } from "./absences.ts";
import { StickyAbsences } from "./sticky-absences.ts";

const says = (detail: string, reason: "implausible" | "read-failed" = "implausible") =>
  absent({ what: "hw.temperature", attributes: { "hw.id": "a" }, reason, detail });

test("a lasting trouble keeps its first words, another one has its own", () => {
  const sticky = new StickyAbsences();
  expect(sticky.hold([says("511")])).toEqual([says("511")]);
  expect(sticky.hold([says("512")])).toEqual([says("511")]);
  expect(sticky.hold([says("EIO", "read-failed")])).toEqual([says("EIO", "read-failed")]);
});

test("a trouble that was over begins with new words", () => {
  const sticky = new StickyAbsences();
  sticky.hold([says("511")]);
  expect(sticky.hold([])).toEqual([]);
  expect(sticky.hold([says("600")])).toEqual([says("600")]);
});
