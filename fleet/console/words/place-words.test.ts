import { expect, test } from "vitest";
import { formatPosition, formatPositionShort, rackIdOf, rackPath } from "./place-words.ts";

const position = { region: "eu", site: "fra2", row: "row-b", rack: "rack-07", unit: 7 } as const;

test("a position is written whole, or without its region", () => {
  expect(formatPosition(position)).toBe("eu/fra2/row-b/rack-07/u07");
  expect(formatPositionShort(position)).toBe("fra2/row-b/rack-07/u07");
});

test("a host that nobody placed says so", () => {
  expect(formatPosition(null)).toBe("no position");
  expect(formatPositionShort(null)).toBe("no position");
});

test("a rack's address holds no slash", () => {
  expect(rackPath(rackIdOf(position))).toBe("/racks/fra2~row-b~rack-07");
});
