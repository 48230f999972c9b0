import { expect, test } from "vitest";
import { cursorStep } from "./cursor-step.ts";

const step = (key: string, row: number | null, isLarge = false, rows = 300) =>
  cursorStep({ key, isLarge, row, rows });

test("arrow keys begin at the near end, and stop at the far one", () => {
  expect(step("ArrowRight", null)).toEqual({ kind: "row", row: 0 });
  expect(step("ArrowLeft", null)).toEqual({ kind: "row", row: 299 });
  expect(step("ArrowRight", 299)).toEqual({ kind: "row", row: 299 });
  expect(step("ArrowLeft", 4, true)).toEqual({ kind: "row", row: 0 });
  expect(step("ArrowRight", 4, true)).toEqual({ kind: "row", row: 14 });
});

test("plus looks closer around the cursor, within the range", () => {
  expect(step("+", 150)).toEqual({ kind: "zoom-in", fromRow: 75, toRow: 225 });
  expect(step("=", 10)).toEqual({ kind: "zoom-in", fromRow: 0, toRow: 85 });
  expect(step("-", 10)).toEqual({ kind: "zoom-out" });
});

test("Escape leaves the cursor, and is somebody else's where there is none", () => {
  expect(step("Escape", 5)).toEqual({ kind: "row", row: null });
  expect(step("Escape", null)).toBeNull();
});

test("an empty chart takes no keys, and others keep theirs", () => {
  expect(step("ArrowRight", null, false, 0)).toBeNull();
  expect(step("Tab", 3)).toBeNull();
});
