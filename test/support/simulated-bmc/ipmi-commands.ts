import type { BmcLies, BmcState } from "./bmc-state.ts";
import { fruStores, sensorRecords } from "./record-bytes.ts";

/** Answers one command: completion code and data. A command that is not known is 0xc1. */
export class IpmiCommands {
  readonly #state: BmcState;
  readonly #lies: BmcLies;
  readonly #records: readonly Buffer[];
  readonly #stores: readonly Buffer[];
  #reservation = 0;
  #lost = 0;
  /** Sensors that were asked before. */
  readonly #awake = new Set<number>();
  /** Everything that was asked, `netFn/command` in hexadecimal. */
  readonly asked: string[] = [];

  constructor(state: BmcState, lies: BmcLies) {
    this.#state = state;
    this.#lies = lies;
    this.#records = sensorRecords(state, lies);
    this.#stores = fruStores(state, lies);
  }

  answer(netFn: number, command: number, data: Buffer, inSession: boolean): readonly number[] {
    this.asked.push(`${netFn.toString(16)}/${command.toString(16)}`);
    const key = (netFn << 8) | command;
    const before = this.#beforeSession(key, data);
    if (before !== null) return before;
    if (!inSession) return [0xd4];
    return (
      this.#chassis(key) ??
      this.#storage(key, data) ??
      this.#sensors(key, data) ??
      this.#lan(key, data) ?? [0xc1]
    );
  }

  #beforeSession(key: number, data: Buffer): readonly number[] | null {
    if (key === 0x0638)
      return [0, 1, 0x80, this.#lies.anonymousLogin === true ? 0x05 : 0x04, 2, 0, 0, 0, 0];
    if (key === 0x0654) {
      const zero = this.#lies.cipherZero === true ? [0xc0, 0, 0, 0x40, 0x80] : [];
      const records = [...zero, 0xc0, 3, 1, 0x41, 0x81, 0xc0, 17, 3, 0x44, 0x81];
      const start = ((data[2] ?? 0) & 0x3f) * 16;
      return [0, 1, ...records.slice(start, start + 16)];
    }
    if (key === 0x0601) return [0, 0x20, 1, 2, 0x61, 2, 0xbf, 0x7c, 0x2a, 0, 1, 0x0a];
    if (key === 0x0637) return [0, ...this.#state.guid];
    return null;
  }

  #chassis(key: number): readonly number[] | null {
    const { isOn, watts } = this.#state;
    if (key === 0x0001) {
      const shown = this.#lies.powerStatesDiffer === true ? !isOn : isOn;
      return [0, (shown ? 1 : 0) | 0x20, 0x10, 0x40];
    }
    if (key === 0x0007) return [0, 1, 0];
    if (key === 0x063b) return [0, 3];
    if (key === 0x063c) return [0];
    if (key === 0x0642) return [0, 1, 4, 1, 0, 0xf2, 0x1b, 0, 0, 0];
    if (key === 0x2c02) {
      if (this.#lies.noDcmi === true) return [0xc1];
      const state = this.#lies.dcmiInactive === true ? 0 : 0x40;
      const current = this.#lies.dcmiWatts ?? watts;
      return [
        ...[0, 0xdc, ...le16(current), ...le16(180), ...le16(410), ...le16(240)],
        ...this.#now(),
        ...[0x60, 0xea, 0, 0, state],
      ];
    }
    // Supported DCMI capabilities: ipmitool asks before it reads the power.
    if (key === 0x2c01 && this.#lies.noDcmi !== true) return [0, 0xdc, 1, 5, 2, 0, 1, 7];
    return null;
  }

  #storage(key: number, data: Buffer): readonly number[] | null {
    const log = this.#state.log;
    switch (key) {
      case 0x0a10: {
        const store = this.#stores[data[0] ?? 0];
        return store === undefined ? [0xcb] : [0, ...le16(store.length), 0];
      }
      case 0x0a11: {
        const store = this.#stores[data[0] ?? 0];
        if (store === undefined || data.length < 4) return [0xcb];
        const offset = data.readUInt16LE(1);
        const part = store.subarray(offset, offset + (data[3] ?? 0));
        return [0, part.length, ...part];
      }
      case 0x0a20:
        return [0, 0x51, ...le16(this.#records.length), 0xff, 0xff, ...new Array(8).fill(0), 0x22];
      case 0x0a22:
        this.#reservation += 1;
        return [0, ...le16(this.#reservation)];
      case 0x0a23:
        return this.#record(data);
      case 0x0a40: {
        const isFull = this.#lies.logFull === true;
        const free = isFull ? 0 : 0x4000;
        return [
          ...[0, 0x51, ...le16(log.length), ...le16(free)],
          ...this.#now(),
          ...this.#now(),
          isFull ? 0x82 : 2,
        ];
      }
      case 0x0a42:
        return [0, 1, 0];
      case 0x0a43: {
        const id = data.length < 4 ? 0 : data.readUInt16LE(2);
        const index = id === 0 ? 0 : id === 0xffff ? log.length - 1 : id - 1;
        const entry = log[index];
        if (entry === undefined) return [0xcb];
        return [0, ...(index + 1 < log.length ? le16(index + 2) : [0xff, 0xff]), ...entry];
      }
      case 0x0a48:
        return [0, ...this.#now()];
      default:
        return null;
    }
  }

  #record(data: Buffer): readonly number[] {
    if (data.length < 6) return [0xc7];
    const [offset, wanted] = [data[4] ?? 0, data[5] ?? 0];
    if (offset > 0 && data.readUInt16LE(0) !== this.#reservation) return [0xc5];
    if (offset > 0 && this.#lost < (this.#lies.lostReservations ?? 0)) {
      this.#lost += 1;
      this.#reservation += 1;
      return [0xc5];
    }
    const id = data.readUInt16LE(2);
    const index = id === 0 ? 0 : id - 1;
    const record = this.#records[index];
    if (record === undefined) return [0xcb];
    if (wanted > (this.#lies.recordBytesMax ?? 255) && wanted !== 255) return [0xca];
    const isLast = index + 1 >= this.#records.length;
    const next = isLast ? (this.#lies.repositoryCircle === true ? 1 : 0xffff) : index + 2;
    return [0, ...le16(next), ...record.subarray(offset, offset + wanted)];
  }

  #sensors(key: number, data: Buffer): readonly number[] | null {
    const number = data[0] ?? 0;
    const sensor = this.#state.sensors.find((one) => one.number === number);
    if (key === 0x042d) {
      if (this.#lies.lateReadings === true && !this.#awake.has(number)) {
        this.#awake.add(number);
        return [0, 0, 0xe0, 0xc0];
      }
      if (number === 0x51) return [0, 0, 0x40, 0x01, 0x80];
      return sensor === undefined ? [0xcb] : [0, sensor.raw, 0xc0, 0xc0];
    }
    if (key !== 0x0427) return null;
    if (sensor === undefined) return [0xcb];
    const [unr, uc, unc] = sensor.upper ?? [0, 0, 0];
    const [lnr, lc, lnc] = sensor.lower ?? [0, 0, 0];
    const mask = (sensor.upper === undefined ? 0 : 0x38) | (sensor.lower === undefined ? 0 : 7);
    return [0, mask, lnc, lc, lnr, unc, uc, unr];
  }

  #lan(key: number, data: Buffer): readonly number[] | null {
    if (key !== 0x0c02) return null;
    const values: Readonly<Record<number, readonly number[]>> = {
      0: [0],
      1: [0x04],
      3: [192, 0, 2, 77],
      4: [1],
      5: [0x02, 0x57, 0x57, ...this.#state.guid.subarray(0, 3)],
      6: [255, 255, 255, 0],
      12: [192, 0, 2, 1],
      22: [this.#lies.cipherZero === true ? 3 : 2],
      23: this.#lies.cipherZero === true ? [0, 0, 3, 17] : [0, 3, 17],
      // Suite n of parameter 23: half a byte each, administrator for all.
      24: [0, 0x44, this.#lies.cipherZero === true ? 0x04 : 0, 0, 0, 0, 0, 0, 0],
    };
    const value = values[data[1] ?? 255];
    return value === undefined ? [0x80] : [0, 0x11, ...value];
  }

  #now(): readonly number[] {
    const ms = this.#state.clockMs + (this.#lies.clockOffMs ?? 0);
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(Math.floor(ms / 1_000));
    return [...bytes];
  }
}

function le16(value: number): readonly number[] {
  return [value & 0xff, (value >> 8) & 0xff];
}
