import { expect, test } from "vitest";
import { groupAbsences } from "./absence-groups.ts";

const absence = (what: string, reason: string) => ({
  what,
  attributes: {},
  reason,
  meaning: `meaning of ${reason}`,
  detail: "",
});

test("readings stand under their reason, the rarest reason first", () => {
  const groups = groupAbsences([
    absence("serial", "hidden-by-hypervisor"),
    absence("product", "hidden-by-hypervisor"),
    absence("hw.voltage", "permission-denied"),
  ]);
  expect(
    groups.map(({ meaning, of }) => `${meaning}: ${of.map(({ what }) => what).join(" ")}`),
  ).toEqual([
    "meaning of permission-denied: hw.voltage",
    "meaning of hidden-by-hypervisor: serial product",
  ]);
});
