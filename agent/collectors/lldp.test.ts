import { expect, test } from "vitest";
import { fc } from "#test/support/properties.ts";
import { neighborText, parseLldp } from "./lldp.ts";

const port = { id: { type: "ifname", value: "Ethernet1/12" }, descr: "to server-a" };
const byName = { chassis: { "leaf-3": { id: { type: "mac", value: "00:00:5e:00:53:01" } } }, port };
const byId = { chassis: { id: { type: "mac", value: "00:00:5e:00:53:01" }, descr: "x" }, port };
const found = (value: unknown) =>
  parseLldp(JSON.stringify(value))?.map((one) => [one.port, neighborText(one)]);

test.each([
  ["one interface as an object", { lldp: { interface: { eno1: byName } } }],
  ["several as an array", { lldp: { interface: [{ eno1: byName }] } }],
  ["an array at the top", { lldp: [{ interface: [{ eno1: [byName] }] }] }],
  [
    "json0, where every value is wrapped",
    {
      lldp: [
        {
          interface: [
            {
              name: "eno1",
              chassis: [
                { id: [{ type: "mac", value: "00:00:5e:00:53:01" }], name: [{ value: "leaf-3" }] },
              ],
              port: [{ id: [{ type: "ifname", value: "Ethernet1/12" }], descr: [{ value: "d" }] }],
            },
          ],
        },
      ],
    },
  ],
])("%s", (_, answer) => {
  expect(found(answer)).toEqual([["eno1", "leaf-3 Ethernet1/12"]]);
});

test("a switch without a name is called by its chassis; a port whose id is an address by its description", () => {
  expect(found({ lldp: { interface: { eno1: byId } } })).toEqual([
    ["eno1", "00:00:5e:00:53:01 Ethernet1/12"],
  ]);
  const addressed = {
    ...byName,
    port: { id: { type: "mac", value: "00:00:5e:00:53:09" }, descr: "ge-0/0/7" },
  };
  expect(found({ lldp: { interface: { eno1: addressed } } })).toEqual([
    ["eno1", "leaf-3 ge-0/0/7"],
  ]);
});

test("of several neighbours at one port the first is taken", () => {
  const other = { ...byName, chassis: { "leaf-4": {} } };
  expect(
    found({ lldp: { interface: [{ eno1: byName }, { eno1: other }, { eno2: other }] } }),
  ).toEqual([
    ["eno1", "leaf-3 Ethernet1/12"],
    ["eno2", "leaf-4 Ethernet1/12"],
  ]);
});

test("nobody at the other end is an answer; a text that is none is null", () => {
  expect(parseLldp('{"lldp": {}}')).toEqual([]);
  expect(parseLldp('info: unsupported\n{"lldp": {"interface": []}}')).toEqual([]);
  expect(["", "{", "[]", "{}", "null", '{"lldp": 5}'].map(parseLldp)).toEqual([
    null,
    null,
    null,
    null,
    null,
    null,
  ]);
});

test("wrong types anywhere are no neighbour, never an error", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      for (const answer of [
        { lldp: { interface: value } },
        { lldp: { interface: { e: { chassis: value, port: value } } } },
      ])
        expect(Array.isArray(parseLldp(JSON.stringify(answer)))).toBe(true);
    }),
  );
});
