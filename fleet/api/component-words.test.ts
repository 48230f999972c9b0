import { expect, test } from "vitest";
import { type Component, unknownComponent } from "#proto/messages/state.ts";
import { describeChange } from "./component-words.ts";

const disk = (serial: string, facts: Partial<Component> = {}): Component => ({
  ...unknownComponent,
  kind: "disk",
  slot: "nvme2n1",
  serial,
  ...facts,
});

test("each kind of change is a sentence that names the part, its place and what it was", () => {
  const component = disk("S2");
  expect(describeChange({ kind: "added", component })).toBe("disk S2 (nvme2n1) is new");
  expect(describeChange({ kind: "removed", component })).toBe("disk S2 (nvme2n1) is gone");
  expect(describeChange({ kind: "returned", component })).toBe("disk S2 (nvme2n1) is back");
  expect(describeChange({ kind: "replaced", before: disk("S1"), component })).toBe(
    "disk S2 (nvme2n1) took the place of disk S1 (nvme2n1)",
  );
  const before = disk("S2", { firmware: "1.0" });
  const after = disk("S2", { firmware: "1.1" });
  expect(describeChange({ kind: "changed", before, component: after, fields: ["firmware"] })).toBe(
    "disk S2 (nvme2n1): firmware 1.0 → 1.1",
  );
  const bare = { ...unknownComponent, kind: "dimm", slot: "A1" } as const;
  expect(describeChange({ kind: "removed", component: bare })).toBe("dimm A1 is gone");
});
