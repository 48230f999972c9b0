import { expect, test } from "vitest";
import { readCards, readMachine } from "./read-machine.ts";

const filesOf = (texts: Readonly<Record<string, string>>) => ({
  read: (path: string) => texts[path] ?? null,
  list: (path: string) => [
    ...new Set(
      Object.keys(texts)
        .filter((name) => name.startsWith(`${path}/`))
        .map((name) => name.slice(path.length + 1).split("/")[0] ?? ""),
    ),
  ],
});

test("serials come as the firmware has them, placeholders do not, cards by name", () => {
  const machine = readMachine(
    filesOf({
      "/sys/class/dmi/id/sys_vendor": "Acme Systems\n",
      "/sys/class/dmi/id/product_serial": "SN-v01\n",
      "/sys/class/dmi/id/board_serial": "To be filled by O.E.M.\n",
      "/sys/class/dmi/id/product_uuid": "4C4C4544-0034-5A10-8056-000000000001\n",
      "/sys/class/net/eth1/device/x": "",
      "/sys/class/net/eth1/address": "52:54:00:AA:02:02\n",
      "/sys/class/net/eth0/device/x": "",
      "/sys/class/net/eth0/address": "52:54:00:aa:02:01\n",
      "/sys/class/net/lo/address": "00:00:00:00:00:00\n",
    }),
  );
  expect(machine).toEqual({
    maker: "Acme Systems",
    product: null,
    systemSerial: "SN-v01",
    boardSerial: null,
    smbiosUuid: "4c4c4544-0034-5a10-8056-000000000001",
    macs: ["52:54:00:aa:02:01", "52:54:00:aa:02:02"],
  });
});

test("what firmware says cannot move a cursor, and is short", () => {
  const machine = readMachine(
    filesOf({ "/sys/class/dmi/id/sys_vendor": `\x1b[2J${"x".repeat(999)}` }),
  );
  expect(machine.maker).toMatch(/^\[2Jx{1,127}$/);
});

test("a card whose address cannot be read is a card without one", () => {
  const files = filesOf({ "/sys/class/net/eth0/device/x": "", "/sys/class/net/eth0/address": "?" });
  expect(readCards(files)).toEqual([{ name: "eth0", mac: null }]);
});
