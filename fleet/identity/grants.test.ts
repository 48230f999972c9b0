import { expect, test } from "vitest";
import { fc } from "#test/support/properties.ts";
import { bothGrants, checkGrant, type Grant, isNoWider, mayAt } from "./grants.ts";
import { capabilityNames, roleNames, roles } from "./roles.ts";

const grant: fc.Arbitrary<Grant> = fc
  .record({
    role: fc.constantFrom(...roleNames),
    scope: fc.constantFrom("all", "site=fra2", "site=nrt1", "tag=web"),
  })
  .map(({ role, scope }) => ({ role, scope: roles[role].isForWholeCell ? "all" : scope }) as Grant);
const grants = fc.array(grant, { maxLength: 4 });
const place = fc.option(
  fc.record({
    site: fc.constantFrom("fra2", "nrt1", null),
    tags: fc.subarray(["web", "db"]),
  }),
);

test("what both allow is allowed by each, wherever it is", () => {
  fc.assert(
    fc.property(grants, grants, place, (one, other, at) => {
      for (const capability of capabilityNames) {
        if (!mayAt(bothGrants(one, other), capability, at)) continue;
        expect(mayAt(one, capability, at) && mayAt(other, capability, at)).toBe(true);
      }
    }),
  );
});

test("what is no wider lets nobody do more", () => {
  fc.assert(
    fc.property(grants, grants, place, (wanted, held, at) => {
      fc.pre(isNoWider(wanted, held));
      for (const capability of capabilityNames)
        if (mayAt(wanted, capability, at)) expect(mayAt(held, capability, at)).toBe(true);
    }),
  );
});

test("without a grant nothing is allowed, and a scope is a site or a tag", () => {
  for (const capability of capabilityNames) expect(mayAt([], capability, null)).toBe(false);
  for (const scope of ["", "site=", "site=FRA2", "tag=a b", "region=eu", "all "])
    expect(checkGrant("viewer", scope).ok).toBe(false);
  expect(checkGrant("security", "site=fra2").ok).toBe(false);
  expect(checkGrant("root", "all").ok).toBe(false);
});
