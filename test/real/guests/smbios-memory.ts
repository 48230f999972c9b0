import { writeFileSync } from "node:fs";
import { join } from "node:path";

export interface GuestDimm {
  readonly locator: string;
  readonly bank: string;
  readonly serial: string;
  readonly sizeMiB: number;
}

/**
 * QEMU arguments that show these modules in the firmware tables, in place of the one that QEMU makes
 * up. Each is a structure of type 17 (SMBIOS 2.8, section 7.18) in a file of its own.
 */
export function showDimms(folder: string, dimms: readonly GuestDimm[]): readonly string[] {
  return dimms.flatMap((dimm, index) => {
    const file = join(folder, `dimm${index}.smbios`);
    writeFileSync(file, memoryDevice(dimm, firstHandle + index));
    return ["-smbios", `file=${file}`];
  });
}

function memoryDevice(dimm: GuestDimm, handle: number): Buffer {
  const bytes = Buffer.alloc(0x28);
  const texts = [dimm.locator, dimm.bank, "WWS Lab", dimm.serial, "WD-384"];
  bytes.writeUInt8(17, 0x00);
  bytes.writeUInt8(bytes.length, 0x01);
  bytes.writeUInt16LE(handle, 0x02);
  bytes.writeUInt16LE(arrayHandle, 0x04);
  bytes.writeUInt16LE(noErrorHandle, 0x06);
  bytes.writeUInt16LE(72, 0x08); // total width: eight bits of ECC
  bytes.writeUInt16LE(64, 0x0a); // data width
  bytes.writeUInt16LE(dimm.sizeMiB, 0x0c);
  bytes.writeUInt8(0x09, 0x0e); // form factor: DIMM
  bytes.writeUInt8(1, 0x10); // locator: the first text
  bytes.writeUInt8(2, 0x11); // bank
  bytes.writeUInt8(0x1a, 0x12); // DDR4
  bytes.writeUInt16LE(0x0080, 0x13); // synchronous
  bytes.writeUInt16LE(3200, 0x15); // million transfers a second
  bytes.writeUInt8(3, 0x17); // maker
  bytes.writeUInt8(4, 0x18); // serial
  bytes.writeUInt8(5, 0x1a); // part number
  bytes.writeUInt8(2, 0x1b); // ranks
  bytes.writeUInt16LE(3200, 0x20); // configured speed
  bytes.writeUInt16LE(1200, 0x26); // millivolts
  return Buffer.concat([bytes, Buffer.from(`${texts.join("\0")}\0\0`, "latin1")]);
}

/** QEMU's own handles of the memory array and of its first module. */
const arrayHandle = 0x1000;
const firstHandle = 0x1100;
const noErrorHandle = 0xfffe;
