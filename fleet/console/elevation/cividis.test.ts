import { expect, test } from "vitest";
import { cividis, contrast, cssColour, inkOn, type Rgb } from "./cividis.ts";

const shares = Array.from({ length: 201 }, (_, index) => index / 200);
const white: Rgb = [255, 255, 255];
const black: Rgb = [0, 0, 0];

test("the number in a cell is readable on every colour of the scale", () => {
  const poor = shares.filter((share) => {
    const colour = cividis(share);
    return contrast(colour, inkOn(colour) === "#000000" ? black : white) < 4.5;
  });
  expect(poor).toEqual([]);
});

test("more is lighter, all the way", () => {
  const lightness = shares.map((share) => contrast(cividis(share), black));
  expect(lightness).toEqual([...lightness].sort((a, b) => a - b));
});

test("what lies outside the scale takes the colour of its end", () => {
  expect(cividis(-3)).toEqual(cividis(0));
  expect(cividis(7)).toEqual(cividis(1));
  expect(cssColour(cividis(1))).toBe("rgb(255 234 70)");
});
