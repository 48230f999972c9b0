import { expect, test } from "vitest";
import { imagingStateKinds } from "#proto/messages/imaging.ts";
import type { ImagingState, ImagingView } from "./imaging-view.ts";
import { lineKey, renderLine, renderScreen } from "./render-screen.ts";
import { showOnConsoles } from "./show-on-consoles.ts";

const view = (state: Partial<ImagingState>): ImagingView => ({
  release: "0.1.0",
  hostName: "nrt1-b07-u12",
  hostId: "h-1",
  operationId: "op-1",
  machine: {
    maker: "Acme\x1b[2J",
    product: "R640v",
    systemSerial: "SN1",
    boardSerial: null,
    smbiosUuid: null,
    macs: [],
  },
  addresses: ["eth0 10.0.2.15"],
  manager: "http://10.0.2.2:8080/v1",
  state: { kind: "idle", step: null, done: null, secondsLeft: null, text: "", ...state },
});

test("a screen says who this is, what goes on, the step and how far it is", () => {
  const screen = renderScreen(view({ kind: "working", step: "erase", done: 0.425 })).join("\n");
  for (const word of ["nrt1-b07-u12", "SN1", "op-1", "erase", "42%", "do not switch"])
    expect(screen).toContain(word);
  expect(screen).toContain(`[${"#".repeat(26)}${".".repeat(34)}]`);
});

test("a countdown says how to prevent it", () => {
  const line = renderLine(view({ kind: "counting-down", secondsLeft: 7, text: "2 disks" }));
  expect(line).toContain("in 7 s");
  expect(line).toContain("type stop and Enter");
});

test.each(imagingStateKinds)("%s fits into 24 lines of 80 columns, with letters only", (kind) => {
  const lines = renderScreen(view({ kind, text: "x".repeat(500), done: 1, step: "s" }));
  expect(lines.length).toBeLessThanOrEqual(24);
  expect(lines.every((line) => line.length <= 80)).toBe(true);
  expect(lines.join("")).toMatch(/^[\x20-\x7e]*$/);
});

test("an idle machine says that nothing is done to it", () => {
  expect(renderLine(view({}))).toContain("idle: nothing is done to this machine");
  expect(renderScreen(view({})).join("\n")).toContain("idle: nothing is done to this machine");
});

test("a console that keeps lines gets one for each change, a screen is painted anew", () => {
  const lines: string[] = [];
  const paints: string[] = [];
  const screen = showOnConsoles(
    [
      { isScreen: false, write: (text) => lines.push(text) },
      { isScreen: true, write: (text) => paints.push(text) },
    ],
    () => 12.5,
  );
  for (let percent = 0; percent < 100; percent += 1)
    screen.show(view({ kind: "working", step: "write", done: percent / 100 }));
  expect(lines).toHaveLength(20);
  expect(paints).toHaveLength(100);
  expect(lines[0]).toMatch(/^wws-imaging 12\.50 nrt1-b07-u12 \| working \| write \| 0%/);
});

test("100 % is not said before it is over", () => {
  expect(renderLine(view({ kind: "working", step: "erase", done: 0.9999 }))).toContain("99%");
  expect(lineKey(view({ done: Number.NaN }))).toBe(lineKey(view({ done: Number.NaN })));
  expect(renderLine(view({ kind: "working", done: Number.NaN }))).toContain("0%");
});
