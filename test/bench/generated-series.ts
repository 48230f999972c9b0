/**
 * Deterministic telemetry of invented hosts: the data that our figures and those of other stores
 * were measured with. Equal to what the measurements used, number for number (a hash test holds it).
 */
export function createGenerator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** 64 cores, 12 disks with 8 counters each, 12 temperatures and 8 power sensors: 180 series. */
export interface LargeHostStep {
  /** Busy share of each core, %, in tenths. */
  readonly cores: readonly number[];
  /** What each disk's counters grew by. */
  readonly diskIncrements: readonly (readonly number[])[];
  /** °C in halves, then W. */
  readonly sensors: readonly number[];
  /** What each sensor changed by, in tenths. */
  readonly sensorTenths: readonly number[];
}

export const largeHost = { cores: 64, disks: 12, diskCounters: 8, temperatures: 12, powers: 8 };

/** Steps of 10 s of one large host. */
export function* generateLargeHost(id: number): Generator<LargeHostStep, never> {
  const next = createGenerator(id * 7_919 + 1);
  let cores = Array.from({ length: largeHost.cores }, () => next() * 100);
  // The counters' first readings: drawn, and not used here, so that what follows is the same.
  for (let draw = 0; draw < largeHost.disks * largeHost.diskCounters; draw += 1) next();
  const rates = Array.from({ length: largeHost.disks }, () => next() * 300);
  const sensorCount = largeHost.temperatures + largeHost.powers;
  let sensors = Array.from({ length: sensorCount }, (_, index) =>
    index < largeHost.temperatures ? 30 + next() * 40 : 100 + next() * 300,
  );
  for (;;) {
    cores = cores.map((busy) => {
      const moved = busy + (next() - 0.5) * 20;
      return Math.round(Math.min(100, Math.max(0, moved)) * 10) / 10;
    });
    const diskIncrements = rates.map((rate) => diskStep(next, rate));
    const before = sensors;
    sensors = before.map((value, index) => {
      const isTemperature = index < largeHost.temperatures;
      const quantum = isTemperature ? 0.5 : 1;
      const moved = value + (next() - 0.5) * (isTemperature ? 1 : 10);
      return Math.round(moved / quantum) * quantum;
    });
    const sensorTenths = sensors.map(
      (value, index) => Math.round(value * 10) - Math.round((before[index] ?? 0) * 10),
    );
    yield { cores, diskIncrements, sensors, sensorTenths };
  }
}

/** Reads, bytes read, ms; writes, bytes written, ms; ms with I/O in flight; operations. */
function diskStep(next: () => number, rate: number): readonly number[] {
  const reads = Math.floor(rate * 10 * next());
  const writes = Math.floor(rate * 5 * next());
  return [
    reads,
    reads * 4_096 * (1 + Math.floor(next() * 16)),
    reads >> 2,
    writes,
    writes * 4_096 * (1 + Math.floor(next() * 16)),
    writes >> 1,
    Math.min(10_000, (reads + writes) >> 1),
    reads + writes,
  ];
}

/** 8 CPU modes (%), 4 disks with 8 counters, 6 memory figures (KiB), 3 loads, 6 °C, 5 W. */
export const smallHostSeries = 60;

/** Steps of 10 s of one small host. Counters absolute; the array is the same one each time. */
export function* generateSmallHost(id: number): Generator<Float64Array, never> {
  const next = createGenerator(id * 104_729 + 17);
  const values = new Float64Array(smallHostSeries);
  const hundredths = (value: number): number => Math.round(value * 100) / 100;
  const at = (index: number): number => values[index] ?? 0;
  const add = (index: number, by: number): void => {
    values[index] = at(index) + by;
  };
  let busy = next() * 80;
  const activity = [next(), next(), next() < 0.5 ? 0 : next() * 0.2, 0].map((share) => share * 400);
  for (let index = 8; index < 40; index += 1) values[index] = Math.floor(next() * 1e9);
  for (let index = 40; index < 46; index += 1) values[index] = Math.floor(next() * 5e7);
  for (let index = 49; index < 55; index += 1) values[index] = 35 + Math.floor(next() * 30);
  for (let index = 55; index < 60; index += 1) values[index] = 60 + Math.floor(next() * 200);
  for (;;) {
    busy = Math.min(98, Math.max(1, busy + (next() - 0.5) * 6));
    values[0] = hundredths(busy * 0.7 + next());
    values[1] = hundredths(busy * 0.2 + next() * 0.5);
    values[2] = hundredths(next() * 2);
    values[4] = hundredths(busy * 0.02 + next() * 0.1);
    values[7] = hundredths(Math.max(0, 100 - at(0) - at(1) - at(2) - at(4)));
    for (const [disk, rate] of activity.entries()) {
      if (rate === 0 || next() < 0.1) continue;
      const reads = Math.floor(rate * 10 * next());
      const writes = Math.floor(rate * 5 * next());
      const first = 8 + disk * 8;
      add(first, reads);
      add(first + 1, reads * 4_096 * (1 + Math.floor(next() * 8)));
      add(first + 2, reads >> 2);
      add(first + 3, writes);
      add(first + 4, writes * 4_096 * (1 + Math.floor(next() * 8)));
      add(first + 5, writes >> 1);
      add(first + 6, Math.min(10_000, (reads + writes) >> 1));
      add(first + 7, reads + writes);
    }
    for (let index = 40; index < 46; index += 1) {
      if (next() < 0.8)
        values[index] = Math.max(0, at(index) + Math.floor((next() - 0.5) * 4_096) * 4);
    }
    values[46] = hundredths(busy * 0.64 + next());
    values[47] = hundredths(busy * 0.6 + next() * 0.3);
    values[48] = hundredths(busy * 0.55 + next() * 0.1);
    for (let index = 49; index < 55; index += 1) {
      if (next() < 0.15) add(index, next() < 0.5 ? -1 : 1);
    }
    for (let index = 55; index < 60; index += 1) {
      values[index] = Math.round(at(index) * 0.9 + (60 + busy * 2) * 0.1 + (next() - 0.5) * 6);
    }
    yield values;
  }
}
