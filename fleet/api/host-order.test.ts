import { fc } from "#test/support/properties.ts";
import { expect, test } from "vitest";
import { type HostOrder, orderHosts, pageHosts } from "./host-order.ts";
import { type Host, hostSortKeys } from "./host-schemas.ts";
import { someHost } from "./some-host.test-data.ts";

/** Hosts with many equal values, and names that differ only in their case. */
const anyHosts: fc.Arbitrary<readonly Host[]> = fc
  .array(
    fc.record({
      name: fc.constantFrom("a", "A", "b", "host-2", "host-10", "ä"),
      watts: fc.constantFrom(null, 0, 1, 0.1 + 0.2, 412),
      link: fc.constantFrom("connected", "late", "lost", "never"),
      hardwareClass: fc.constantFrom(null, "x", "y"),
    }),
    { maxLength: 30 },
  )
  .map((facts) =>
    facts.map(({ name, watts, link, hardwareClass }, index) =>
      someHost({
        id: `id-${String(index).padStart(3, "0")}`,
        name,
        hardwareClass,
        link: { state: link, sinceMs: 0, lastHeardMs: 0, clockOffsetMs: 0 },
        power: { watts, source: null, reason: null },
      }),
    ),
  );
const anyOrder: fc.Arbitrary<HostOrder> = fc.record({
  key: fc.constantFrom(...hostSortKeys),
  isDescending: fc.boolean(),
});

function walk(ordered: readonly Host[], order: HostOrder, limit: number): readonly string[] {
  const ids: string[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages <= ordered.length; pages += 1) {
    const page = pageHosts(ordered, order, { limit, cursor });
    ids.push(...page.items.map((host) => host.id));
    if (page.nextCursor === null) return ids;
    cursor = page.nextCursor;
  }
  throw new Error("the pages have no end");
}

test("the pages of any order hold every host once, in that order", () => {
  fc.assert(
    fc.property(anyHosts, anyOrder, fc.integer({ min: 1, max: 7 }), (hosts, order, limit) => {
      const ordered = orderHosts(hosts, order);
      expect(walk(ordered, order, limit)).toEqual(ordered.map((host) => host.id));
    }),
  );
});

test("the order does not depend on how the hosts came", () => {
  fc.assert(
    fc.property(anyHosts, anyOrder, (hosts, order) => {
      const ids = (list: readonly Host[]) => list.map((host) => host.id);
      expect(ids(orderHosts([...hosts].reverse(), order))).toEqual(ids(orderHosts(hosts, order)));
    }),
  );
});

test("hosts without the value come last, whichever way round", () => {
  const hosts = [null, 5, null, 7].map((watts, index) =>
    someHost({
      id: `id-${index}`,
      name: `h${index}`,
      power: { watts, source: null, reason: null },
    }),
  );
  const names = (isDescending: boolean) =>
    orderHosts(hosts, { key: "power", isDescending }).map((host) => host.name);
  expect(names(false)).toEqual(["h1", "h3", "h0", "h2"]);
  expect(names(true)).toEqual(["h3", "h1", "h0", "h2"]);
});

test("any text as a cursor is refused or gives a page", () => {
  const order = { key: "name", isDescending: false } as const;
  fc.assert(
    fc.property(fc.string(), (cursor) => {
      try {
        pageHosts([someHost()], order, { limit: 1, cursor });
      } catch (error) {
        expect(error).toMatchObject({ code: "cursor-invalid" });
      }
    }),
  );
});
