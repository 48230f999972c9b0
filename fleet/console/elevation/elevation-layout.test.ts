import { expect, test } from "vitest";
import { someHost } from "../some-host.test-data.ts";
import { boxAtUnit, layOutRack, moveByUnit, unitsFromTop, unitWords } from "./elevation-layout.ts";

const slot = (unit: number, heightUnits = 1, name = `h${unit}`) => ({
  unit,
  heightUnits,
  host: someHost({ name }),
});

test("boxes go from the top down and cover every unit once", () => {
  const { boxes, misplaced } = layOutRack({ heightUnits: 6, slots: [slot(2, 2), slot(6)] });
  expect(boxes.map((box) => `${box.kind} ${box.unit}+${box.heightUnits}`)).toEqual([
    "host 6+1",
    "free 5+1",
    "free 4+1",
    "host 2+2",
    "free 1+1",
  ]);
  expect(boxes.map((box) => unitsFromTop(box, 6))).toEqual([0, 1, 2, 3, 5]);
  expect(misplaced).toEqual([]);
});

test("a host in a unit that is taken, or above the top, is told and not drawn", () => {
  const slots = [slot(1, 2, "first"), slot(2, 1, "second"), slot(4, 2, "too-high")];
  const { boxes, misplaced } = layOutRack({ heightUnits: 4, slots });
  expect(misplaced.map(({ host }) => host.name)).toEqual(["second", "too-high"]);
  expect(boxes.filter((box) => box.kind === "host")).toHaveLength(1);
});

test("arrow keys stop at the top and at the bottom", () => {
  const { boxes } = layOutRack({ heightUnits: 3, slots: [] });
  expect(moveByUnit(boxes, 0, "up")).toBe(0);
  expect(moveByUnit(boxes, 0, "down")).toBe(1);
  expect(moveByUnit(boxes, 2, "down")).toBe(2);
});

test("a neighbour's box is the one at the same height", () => {
  const { boxes } = layOutRack({ heightUnits: 6, slots: [slot(2, 3)] });
  expect(boxes[boxAtUnit(boxes, 4)]).toMatchObject({ kind: "host", unit: 2 });
  expect(boxes[boxAtUnit(boxes, 5)]).toMatchObject({ kind: "free", unit: 5 });
  expect(boxAtUnit(boxes, 40)).toBe(0);
});

test("units are written with two digits", () => {
  expect(unitWords(7, 1)).toBe("u07");
  expect(unitWords(9, 2)).toBe("u09–10");
});
