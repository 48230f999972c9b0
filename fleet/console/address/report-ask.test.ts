import { expect, test } from "vitest";
import { readReportAsk, reportPath } from "./report-ask.ts";

const ask = (text: string) => readReportAsk(new URLSearchParams(text));

test("without a word it is the capacity, as usual", () => {
  expect(ask("")).toEqual({ kind: "capacity", selector: "", group: "", window: "" });
  expect(ask("report=weather").kind).toBe("capacity");
});

test("what is asked stands in the path, and capacity has no window", () => {
  const power = ask("report=power&selector=site%3Dfra2&group=site&window=6h");
  expect(reportPath(power, null)).toBe("/reports/power?selector=site%3Dfra2&group=site&window=6h");
  expect(reportPath(ask("report=capacity&window=6h"), "csv")).toBe("/reports/capacity?format=csv");
});
