import { expect, test } from "vitest";
import { formatManagerAddress, managerUrl, parseManagerAddress } from "./manager-address.ts";

test.each([
  ["fleet.example", "fleet.example:7601"],
  ["fleet.example:7701", "fleet.example:7701"],
  ["10.1.2.3:7601", "10.1.2.3:7601"],
  ["[2001:db8::1]:7601", "[2001:db8::1]:7601"],
  ["wss://fleet.example", "fleet.example:7601"],
  ["wss://fleet.example:443", "fleet.example:443"],
  ["https://fleet.example:7601/", "fleet.example:7601"],
  [" wss://fleet.example:7601/agent/v1/enrol ", "fleet.example:7601"],
])("%s is %s", (text, expected) => {
  const parsed = parseManagerAddress(text);
  expect(parsed.ok && formatManagerAddress(parsed.value)).toBe(expected);
});

test.each([
  ["", /names no host|cannot be read/],
  ["http://fleet.example", /only wss/],
  ["ws://fleet.example", /only wss/],
  ["fleet example", /cannot be read/],
  ["fleet.example:99999", /cannot be read/],
  ["wss://me:secret@fleet.example", /user or password/],
  ["wss://fleet.example/console", /has a path/],
  ["wss://fleet.example/?token=x", /has a query/],
])("%j is refused with what to write", (text, reason) => {
  const parsed = parseManagerAddress(text);
  expect(parsed.ok).toBe(false);
  if (!parsed.ok) {
    expect(parsed.problem).toMatch(reason);
    expect(parsed.problem).toMatch(/write HOST:PORT/);
  }
});

test("an address becomes a URL that reads back as the same address", () => {
  const url = managerUrl("[2001:db8::1]:7601", "/agent/v1");
  expect(url).toBe("wss://[2001:db8::1]:7601/agent/v1");
  const parsed = parseManagerAddress(url);
  expect(parsed.ok && parsed.value).toEqual({ host: "2001:db8::1", port: 7601 });
});
