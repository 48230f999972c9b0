import { expect, test } from "vitest";
import { createLogDestination } from "./log-destination.ts";
import { unixMs } from "./units.ts";

/** A file that takes `room` bytes, at most `atOnce` of them in one write. */
function smallFile(room: number, atOnce = 1_000) {
  const file = { text: "", room, code: "ENOSPC" };
  const write = (bytes: Uint8Array): number => {
    if (file.room === 0) throw Object.assign(new Error("refused"), { code: file.code });
    const taken = bytes.subarray(0, Math.min(file.room, atOnce));
    file.text += new TextDecoder().decode(taken);
    file.room -= taken.length;
    return taken.length;
  };
  return { file, log: createLogDestination(write, { nowUnixMs: () => unixMs(7) }) };
}

test("lines are written whole, in as many writes as it takes", () => {
  const { file, log } = smallFile(1_000, 2);
  log.write("first\n");
  log.write("second\n");
  expect(file.text).toBe("first\nsecond\n");
});

test.each(["ENOSPC", "EDQUOT", "EIO", "EPIPE", "EAGAIN"])(
  "what %s refuses is dropped, and told once there is room",
  (code) => {
    const { file, log } = smallFile(6);
    file.code = code;
    log.write("first\n");
    log.write("second\n");
    log.write("third\n");
    expect(file.text).toBe("first\n");
    file.room = 1_000;
    log.write("fourth\n");
    log.write("fifth\n");
    const lines = file.text.trimEnd().split("\n");
    expect(JSON.parse(lines[1] ?? "")).toEqual({
      level: 40,
      time: 7,
      dropped: 2,
      why: code,
      msg: "log lines were dropped",
    });
    expect([lines[0], ...lines.slice(2)]).toEqual(["first", "fourth", "fifth"]);
  },
);

test("a line that was torn does not spoil the next", () => {
  const { file, log } = smallFile(3);
  log.write("first\n");
  file.room = 1_000;
  log.write("second\n");
  const lines = file.text.trimEnd().split("\n");
  expect(lines[0]).toBe("fir");
  expect(JSON.parse(lines[1] ?? "")).toMatchObject({ dropped: 1 });
  expect(lines[2]).toBe("second");
});

test("the notice itself may find no room, and counts on", () => {
  const { file, log } = smallFile(0);
  log.write("first\n");
  file.room = 4;
  log.write("second\n");
  file.room = 1_000;
  log.write("third\n");
  expect(file.text).toContain('"dropped":2');
  expect(file.text.endsWith("\nthird\n")).toBe(true);
});
