import { expect, test } from "vitest";
import { parseSeed } from "./parse-seed.ts";
import type { SeedFiles } from "./seed.ts";

const token = `wws1.${"a".repeat(43)}.${"b".repeat(43)}`;
const metaData = JSON.stringify({ "instance-id": "i-7", "local-hostname": "nrt1-b07-u12" });
const userData = (more: object): string => `#cloud-config\n${JSON.stringify(more)}\n`;
const good: SeedFiles = {
  metaData,
  userData: userData({
    ssh_authorized_keys: [`ssh-ed25519 ${"A".repeat(68)} someone`],
    wws: { manager: "10.0.2.2:7601", token, image_digest: "c".repeat(64) },
  }),
  networkConfig: JSON.stringify({
    version: 2,
    ethernets: {
      left: { match: { macaddress: "52:54:00:AA:02:01" } },
      right: { match: { macaddress: "52:54:00:aa:02:02" } },
    },
    bonds: {
      bond0: { interfaces: ["left", "right"], parameters: { mode: "802.3ad" }, mtu: 9000 },
    },
    vlans: {
      prod: {
        id: 120,
        link: "bond0",
        addresses: ["10.7.0.5/24"],
        gateway4: "10.7.0.1",
        nameservers: { addresses: ["10.7.0.2"] },
      },
    },
  }),
};

test("name, keys, where to enrol, and a VLAN over a bond", () => {
  const seed = parseSeed(good);
  expect(seed.ok && seed.value.hostName).toBe("nrt1-b07-u12");
  expect(seed.ok && seed.value.join).toEqual({
    manager: "10.0.2.2:7601",
    token,
    imageDigest: "c".repeat(64),
  });
  expect(seed.ok && seed.value.network?.cards[0]?.mac).toBe("52:54:00:aa:02:01");
  expect(seed.ok && seed.value.network?.vlans[0]).toMatchObject({
    id: 120,
    over: "bond0",
    routes: [{ to: "default", via: "10.7.0.1" }],
  });
});

test("a seed without network and without a manager is one", () => {
  const seed = parseSeed({ metaData, userData: "{}", networkConfig: null });
  expect(seed).toMatchObject({ ok: true, value: { join: null, network: null, sshKeys: [] } });
});

test.each([
  ["no instance", { metaData: "{}" }],
  ["YAML of the other kind", { metaData: "instance-id: i-7\n" }],
  ["a name that is a path", { metaData: metaData.replace("nrt1-b07-u12", "../etc") }],
  ["a token that is cut", { userData: userData({ wws: { manager: "a:1", token: "wws1.x" } }) }],
  ["a manager without a port", { userData: userData({ wws: { manager: "fleet", token } }) }],
  ["a key over two lines", { userData: userData({ ssh_authorized_keys: ["ssh-rsa A\nB"] }) }],
  [
    "a digest that is none",
    { userData: userData({ wws: { manager: "a:1", token, image_digest: 7 } }) },
  ],
  ["network of version 1", { networkConfig: '{"version":1}' }],
  ["an address that is none", { networkConfig: network({ addresses: ["10.0.0.300/24"] }) }],
  ["a prefix that is too long", { networkConfig: network({ addresses: ["10.0.0.3/33"] }) }],
  ["a route to nowhere", { networkConfig: network({ routes: [{ to: "default", via: "x" }] }) }],
  ["a card matched by driver", { networkConfig: network({ match: { driver: "*" } }) }],
  ["a VLAN over nothing", { networkConfig: '{"version":2,"vlans":{"a":{"id":3,"link":"b"}}}' }],
  ["a link name that is an option", { networkConfig: '{"version":2,"ethernets":{"-x":{}}}' }],
  ["too much", { userData: `#${"x".repeat(70_000)}` }],
])("%s is not taken", (_, change) => {
  expect(parseSeed({ ...good, ...change }).ok).toBe(false);
});

function network(card: object): string {
  return JSON.stringify({ version: 2, ethernets: { eth0: card } });
}
