import { expect, test } from "vitest";
import { applySeed, firstBootPlaces } from "./apply-seed.ts";
import type { Seed } from "./seed.ts";

const link = { dhcp: false, addresses: [], routes: [], nameServers: [], mtu: null };
const seed: Seed = {
  instanceId: "i-7",
  hostName: "nrt1-b07-u12",
  sshKeys: ["ssh-ed25519 AAAA someone"],
  join: { manager: "10.0.2.2:7601", token: "wws1.x.y", imageDigest: null },
  network: {
    cards: [
      { ...link, name: "left", mac: "52:54:00:aa:02:01" },
      { ...link, name: "right", mac: "52:54:00:aa:02:02" },
      { ...link, name: "eth9", mac: null, dhcp: true },
    ],
    bonds: [{ ...link, name: "bond0", members: ["left", "right"], mode: "802.3ad", mtu: 9_000 }],
    vlans: [
      {
        ...link,
        name: "prod",
        id: 120,
        over: "bond0",
        addresses: ["10.7.0.5/24"],
        routes: [{ to: "default", via: "10.7.0.1" }],
        nameServers: ["10.7.0.2"],
      },
    ],
  },
};

function system(files: Record<string, string> = {}, failing: RegExp | null = null) {
  const ran: string[] = [];
  const told: string[] = [];
  const modes: Record<string, number> = {};
  return {
    files,
    modes,
    ran,
    told,
    port: {
      read: (path: string) => files[path] ?? null,
      write: (path: string, text: string, mode: number) => {
        files[path] = text;
        modes[path] = mode;
      },
      cards: () => [
        { name: "lo", mac: "00:00:00:00:00:00" },
        { name: "enp1s0", mac: "52:54:00:aa:02:01" },
      ],
      run: async (program: string, args: readonly string[]) => {
        const line = [program, ...args].join(" ");
        ran.push(line);
        if (failing?.test(line) === true) throw new Error("RTNETLINK answers: no");
      },
      tell: (text: string) => told.push(text),
    },
  };
}

test("name, keys, settings and token are written, the token for root alone", async () => {
  const { files, modes, port } = system();
  await applySeed(seed, port);
  expect(files["/etc/hostname"]).toBe("nrt1-b07-u12\n");
  expect(files[firstBootPlaces.settings]).toBe('manager = "10.0.2.2:7601"\n');
  expect(files[firstBootPlaces.token]).toBe("wws1.x.y\n");
  expect(modes[firstBootPlaces.token]).toBe(0o600);
  expect(modes["/root/.ssh/authorized_keys"]).toBe(0o600);
  expect(files[firstBootPlaces.instance]).toBe("i-7\n");
});

test("the network is set up by real names, members before what lies over them", async () => {
  const { ran, told, files, port } = system();
  await applySeed(seed, port);
  expect(ran).toEqual([
    "hostname -F /etc/hostname",
    "ip link add bond0 type bond mode 802.3ad miimon 100",
    "ip link set enp1s0 down",
    "ip link set enp1s0 master bond0",
    "ip link set enp1s0 up",
    "ip link set enp1s0 up",
    "ip link set eth9 up",
    "ip link set bond0 mtu 9000",
    "ip link set bond0 up",
    "ip link add link bond0 name prod type vlan id 120",
    "ip link set prod up",
    "ip addr replace 10.7.0.5/24 dev prod",
    "ip route replace default via 10.7.0.1 dev prod",
  ]);
  expect(told).toEqual(["there is no card right (52:54:00:aa:02:02)"]);
  expect(files[firstBootPlaces.dhcp]).toBe("eth9\n");
  expect(files["/etc/resolv.conf"]).toBe("nameserver 10.7.0.2\n");
});

test("a second start of the same instance leaves name and token alone", async () => {
  const { files, ran, port } = system({
    [firstBootPlaces.instance]: "i-7\n",
    "/etc/hostname": "renamed\n",
  });
  await applySeed(seed, port);
  expect(files["/etc/hostname"]).toBe("renamed\n");
  expect(files[firstBootPlaces.token]).toBeUndefined();
  expect(ran.length).toBeGreaterThan(5);
});

test("what fails is told, and the rest is done", async () => {
  const { files, told, port } = system({}, /vlan/);
  await applySeed(seed, port);
  expect(told.some((text) => text.includes("RTNETLINK"))).toBe(true);
  expect(files[firstBootPlaces.instance]).toBe("i-7\n");
});
