import { expect, test } from "vitest";
import { parseInteger, parseList, trimSysfs } from "./text.ts";

test("a value ends at its first NUL, and blanks around it are not part of it", () => {
  expect(trimSysfs("0-127\n\0")).toBe("0-127");
  expect(trimSysfs("XA320 V2 \n")).toBe("XA320 V2");
  expect(trimSysfs("package-1\n\0\0\0\0")).toBe("package-1");
});

test.each([
  ["0-3,5", [0, 1, 2, 3, 5]],
  ["0-1\n\0", [0, 1]],
  ["0,8,250-252\n", [0, 8, 250, 251, 252]],
  ["7", [7]],
  ["", []],
  ["\n", []],
])("the list %j", (text, numbers) => {
  expect(parseList(text)).toEqual(numbers);
});

test.each(["5-3", "a-b", "1,,2", "0x3", "1-", "0-8192", "0-8000,1-8000"])(
  "%j is no list",
  (text) => {
    expect(parseList(text)).toBeNull();
  },
);

test("a number may be negative; anything else is not taken for one", () => {
  expect(parseInteger("-1\n")).toBe(-1);
  expect(parseInteger("unknown")).toBeNull();
  expect(parseInteger("")).toBeNull();
});
