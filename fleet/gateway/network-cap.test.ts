import { expect, test } from "vitest";
import { createNetworkCap, networkOf } from "./network-cap.ts";

test("a network gets its share and no more, and others are not touched by it", () => {
  const cap = createNetworkCap(2);
  const first = cap.enter("192.0.2.1");
  expect(first).not.toBeNull();
  expect(cap.enter("192.0.2.200")).not.toBeNull();
  expect(cap.enter("::ffff:192.0.2.3")).toBeNull();
  expect(cap.enter("192.0.3.1")).not.toBeNull();
  first?.();
  expect(cap.enter("192.0.2.3")).not.toBeNull();
});

test("leaving twice gives one place back", () => {
  const cap = createNetworkCap(1);
  const leave = cap.enter("10.0.0.1");
  leave?.();
  leave?.();
  expect(cap.enter("10.0.0.1")).not.toBeNull();
  expect(cap.enter("10.0.0.1")).toBeNull();
});

test.each([
  ["192.0.2.77", "192.0.2"],
  ["::ffff:192.0.2.77", "192.0.2"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:0DB8:1:2::6", "2001:db8:1:2"],
  ["2001:db8::1", "2001:db8:0:0"],
  ["::1", "0:0:0:0"],
  ["fe80::1%eth0", "fe80:0:0:0"],
])("the network of %s is %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});
