import { expect, test } from "vitest";
import { countOf, figureText, formatCapacity, formatCount, formatShare } from "./figures.ts";

test.each([
  [0.4217, "1", "42.2 %"],
  [1, "1", "100 %"],
  [0, "1", "0.0 %"],
  [412.4, "W", "412 W"],
  [999.7, "W", "1.0 kW"],
  [182_340, "W", "182 kW"],
  [0, "By/s", "0 B/s"],
  [1_532_000, "By/s", "1.5 MB/s"],
  [17_179_869_184, "By", "16.0 GiB"],
  [71.25, "Cel", "71.3 °C"],
  [-0.02, "Cel", "0.0 °C"],
  [0.0042, "s", "4.2 ms"],
  [0.000_012, "s", "12 µs"],
  [1_200, "rpm", "1200 rpm"],
  [12, "{operation}/s", "12.0 operation/s"],
])("%d %s is written %s", (value, unit, text) => {
  expect(figureText(value, unit)).toBe(text);
});

test("a capacity drops a fraction that is none", () => {
  expect(formatCapacity(2 ** 34)).toEqual({ digits: "16", unit: "GiB" });
  expect(formatCapacity(1.5 * 2 ** 40)).toEqual({ digits: "1.5", unit: "TiB" });
});

test("a share never rounds a lack away, nor a little to nothing", () => {
  expect(formatShare(0.9996).digits).toBe("99");
  expect(formatShare(0.0004).digits).toBe("1");
  expect(formatShare(1).digits).toBe("100");
  expect(formatShare(0).digits).toBe("0");
});

test("counts carry their word and thin spaces", () => {
  expect(countOf(1, "host")).toBe("1 host");
  expect(countOf(0, "host")).toBe("0 hosts");
  expect(formatCount(1234567)).toBe("1\u202f234\u202f567");
});
