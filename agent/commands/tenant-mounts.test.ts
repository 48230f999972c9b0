import { expect, test } from "vitest";
import { fc } from "#test/support/properties.ts";
import { tenantMountsIn } from "./tenant-mounts.ts";

const line = (at: string): string => `36 35 98:0 / ${at} rw,noatime master:1 - ext3 /dev/root rw`;

test("mounts that fit a pattern are told, also what is mounted below, each once", () => {
  const text = ["/", "/srv/tenants", "/srv/tenants/photo", "/srv/tenants/photo", "/srv/tenants/a/b"]
    .map(line)
    .join("\n");
  expect(tenantMountsIn(text, ["/srv/tenants/*"])).toEqual([
    "/srv/tenants/a/b",
    "/srv/tenants/photo",
  ]);
  expect(tenantMountsIn(text, [])).toEqual([]);
  expect(tenantMountsIn(text, ["/srv/tenants"])).toContain("/srv/tenants");
});

test("what mountinfo escapes is read, and what could steer a terminal is not passed on", () => {
  expect(tenantMountsIn(line("/t/a\\040b\\033c"), ["/t/*"])).toEqual(["/t/a b\ufffdc"]);
});

test("a dot or a bracket of a pattern is only itself", () => {
  expect(tenantMountsIn(`${line("/t/axb")}\n${line("/t/a.b")}`, ["/t/a.b"])).toEqual(["/t/a.b"]);
});

test("whatever the text and the patterns, it answers", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.array(fc.string()), (text, patterns) => {
      tenantMountsIn(`${text}\n${line(`/${text}`)}`, patterns);
    }),
  );
});
