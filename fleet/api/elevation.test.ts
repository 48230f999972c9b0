import { expect, test } from "vitest";
import { drawElevation, elevationValues, escapeXml } from "./elevation.ts";
import { someHost, someRack } from "./some-host.test-data.ts";

const rack = someRack(6, [
  { unit: 5, heightUnits: 2, host: someHost({ name: "db-1", hardwareClass: "xeon-64c-512g" }) },
  {
    unit: 3,
    heightUnits: 1,
    host: someHost({
      name: "web-a-name-that-is-longer-than-the-box",
      simulated: true,
      link: { state: "late", sinceMs: 0, lastHeardMs: 0, clockOffsetMs: 0 },
    }),
  },
  {
    unit: 1,
    heightUnits: 1,
    host: someHost({
      name: "gone",
      link: { state: "lost", sinceMs: 0, lastHeardMs: 0, clockOffsetMs: 0 },
      power: { watts: null, source: null, reason: "not seen" },
    }),
  },
]);

test.each(elevationValues)("a rack drawn with %s", async (value) => {
  await expect(drawElevation(rack, value)).toMatchFileSnapshot(`./golden/rack-by-${value}.svg`);
});

test("units count from the bottom, on both sides", () => {
  const svg = drawElevation(rack, "state");
  const numbers = [...svg.matchAll(/<text class="unit[^>]* y="(\d+)">(\d+)</g)];
  expect(numbers).toHaveLength(12);
  const heightOf = (unit: number) => Number(numbers.find(([, , text]) => text === `${unit}`)?.[1]);
  expect(heightOf(1)).toBeGreaterThan(heightOf(6));
});

test("a hostile name cannot leave its text", () => {
  const name = `</text><script>alert(1)</script>"'&\u0000\u202e\ud800`;
  const hostile = someRack(2, [
    { unit: 1, heightUnits: 1, host: someHost({ name, hardwareClass: name }) },
  ]);
  for (const value of elevationValues) {
    const svg = drawElevation(hostile, value);
    expect(svg).not.toContain("<script");
    expect(svg).not.toContain("\u202e");
    expect(svg).toContain("&lt;/text&gt;&lt;script&gt;");
  }
});

test("what XML does not know is shown as unreadable", () => {
  expect(escapeXml("a\u0007b\ufffec\ud83d\ude00\udc00")).toBe("a\ufffdb\ufffdc\ud83d\ude00\ufffd");
});
