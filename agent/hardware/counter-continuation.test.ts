import { expect, test } from "vitest";
import { continueCounters } from "./counter-continuation.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function looped(path: string, texts: readonly string[], range: string | null = null) {
  const continuation = continueCounters(
    path,
    texts.map(bytes),
    range === null ? null : bytes(range),
  );
  if (continuation === null) throw new Error(`${path} holds no counters`);
  return (frame: number, pass: number): string => Buffer.from(continuation(frame, pass)).toString();
}

test("counters grow by what one pass adds and by one mean step for the way back", () => {
  const at = looped("/proc/stat", [
    "cpu  100 0 50\ncpu0 100 0 50\nctxt 10\nbtime 1790000000\nprocs_running 3\n",
    "cpu  110 0 60\ncpu0 110 0 60\nctxt 30\nbtime 1790000000\nprocs_running 9\n",
    "cpu  120 0 70\ncpu0 120 0 70\nctxt 50\nbtime 1790000000\nprocs_running 1\n",
  ]);
  expect(at(0, 1)).toBe(
    "cpu  130 0 80\ncpu0 130 0 80\nctxt 70\nbtime 1790000000\nprocs_running 3\n",
  );
  expect(at(2, 2)).toBe(
    "cpu  180 0 130\ncpu0 180 0 130\nctxt 170\nbtime 1790000000\nprocs_running 1\n",
  );
});

test("operations in flight are a gauge, and blanks stay where they are", () => {
  const at = looped("/proc/diskstats", [
    "   8       0 sda 10 1 100 5 20 2 200 6 3 40 50\n",
    "   8       0 sda 12 1 116 6 20 2 200 6 7 44 55\n",
  ]);
  expect(at(0, 1)).toBe("   8       0 sda 14 1 132 7 20 2 200 6 3 48 60\n");
});

test("a disk that was not in every frame does not go on", () => {
  const at = looped("/proc/diskstats", [" 8 0 sda 10 1\n 8 16 sdb 5 1\n", " 8 0 sda 12 1\n"]);
  expect(at(0, 1)).toBe(" 8 0 sda 14 1\n 8 16 sdb 5 1\n");
});

test("interfaces go on by name", () => {
  const at = looped("/proc/net/dev", [
    "Inter-| Receive\n face |bytes\n  eth0: 100 1\n",
    "Inter-| Receive\n face |bytes\n  eth0: 150 2\n",
  ]);
  expect(at(0, 1)).toBe("Inter-| Receive\n face |bytes\n  eth0: 200 3\n");
});

test("energy goes on over its range", () => {
  const at = looped(
    "/sys/class/powercap/intel-rapl:0/energy_uj",
    ["990\n", "999\n", "8\n"],
    "999\n",
  );
  // 9, then 9 over the wrap: 18, and 9 for the way back.
  expect(at(0, 1)).toBe("17\n");
  expect(at(2, 1)).toBe("35\n");
});

test("the agent's own times go on, its memory does not", () => {
  const line = (utime: number, rss: number): string =>
    `7 (no de) S 1 1 1 0 -1 0 0 0 0 0 ${utime} 1 0 0 20 0 7 0 100 200 ${rss}\n`;
  const at = looped("/proc/self/stat", [line(5, 300), line(7, 310)]);
  expect(at(0, 1)).toBe(line(9, 300));
});

test("a counter that is smaller at the end than at the start stays as it was recorded", () => {
  const at = looped("/proc/stat", ["cpu  10 90\n", "cpu  20 80\n"]);
  expect(at(0, 1)).toBe("cpu  30 90\n");
});

test("other files hold no counters", () => {
  expect(continueCounters("/proc/loadavg", [bytes("1.00")], null)).toBeNull();
  expect(continueCounters("/proc/meminfo", [bytes("MemTotal: 1 kB")], null)).toBeNull();
});
