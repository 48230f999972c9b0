import type { ImagingMachine } from "#proto/messages/imaging.ts";
import { isPlaceholder } from "#proto/vocabulary/placeholder.ts";

/** The small door that the imaging program needs to the machine's files. */
export interface MachineFiles {
  /** null: there is none, or it cannot be read. At most 4 KiB of it. */
  read(path: string): string | null;
  /** Names in a folder; empty: there is none. */
  list(path: string): readonly string[];
}

const cardsMax = 64;
const textCharactersMax = 128;

/** Facts of the firmware tables (/sys/class/dmi/id, as root) and of the network cards. */
export function readMachine(files: MachineFiles): ImagingMachine {
  const dmi = (name: string): string | null => {
    const text = clean(files.read(`/sys/class/dmi/id/${name}`));
    return text === null || isPlaceholder(text) ? null : text;
  };
  return {
    maker: dmi("sys_vendor"),
    product: dmi("product_name"),
    systemSerial: dmi("product_serial"),
    boardSerial: dmi("board_serial"),
    smbiosUuid: dmi("product_uuid")?.toLowerCase() ?? null,
    macs: readCards(files).flatMap(({ mac }) => (mac === null ? [] : [mac])),
  };
}

export interface NetworkCard {
  readonly name: string;
  readonly mac: string | null;
}

/** Cards of a bus, without bridges, tunnels and the loopback. */
export function readCards(files: MachineFiles): readonly NetworkCard[] {
  return files
    .list("/sys/class/net")
    .toSorted()
    .slice(0, cardsMax)
    .filter((name) => files.list(`/sys/class/net/${name}/device`).length > 0)
    .map((name) => {
      const mac = clean(files.read(`/sys/class/net/${name}/address`))?.toLowerCase() ?? "";
      return { name, mac: /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac) ? mac : null };
    });
}

function clean(text: string | null): string | null {
  const short = text
    ?.replaceAll(/[^\x20-\x7e]/g, " ")
    .trim()
    .slice(0, textCharactersMax);
  return short === undefined || short === "" ? null : short;
}
