import { join } from "node:path";
import { expect, test } from "vitest";
import type { Answer, RecordedFrame } from "#agent/hardware/recording.ts";
import { keyOf } from "#agent/hardware/recording.ts";
import { readFrames } from "./read-frames.ts";
import { changeFiles, graft, spliceFrames } from "./splice-frames.ts";

const folder = join(import.meta.dirname, "../../../hardware-fixtures");

function textOf(answer: Answer | undefined): string {
  if (answer?.kind !== "file" || !answer.answer.ok) return "";
  return Buffer.from(answer.answer.value).toString("latin1");
}

function fileFrames(texts: readonly string[]): readonly RecordedFrame[] {
  return texts.map((text, index) => {
    const answer: Answer = {
      kind: "file",
      path: "/sys/class/powercap/intel-rapl:0/energy_uj",
      isCounter: true,
      offsetMs: 0,
      answer: { ok: true, value: new TextEncoder().encode(text) },
    };
    return {
      atUnixMs: index,
      atMonotonicMs: index * 1_000,
      tookMs: 0,
      answers: new Map([[keyOf(answer), answer]]),
    };
  });
}

test("a counter that wraps: the fault changes what fits, from where it says, and names itself", () => {
  const range = 262_143_328_850;
  const wrap = changeFiles(
    "a counter near its end",
    /energy_uj$/,
    (text) => `${(Number(text) + range - 250) % range}\n`,
  );
  const base = { name: "base", frames: fileFrames(["100\n", "200\n", "300\n"]) };
  const { frames, synthetic } = spliceFrames(base, [wrap]);
  const values = frames.map(({ answers }) => Number(textOf([...answers.values()][0])));
  expect(values).toEqual([range - 150, range - 50, 50]);
  expect(synthetic).toBe("frames of base; a counter near its end");
  expect(base.frames.map(({ answers }) => textOf([...answers.values()][0]))).toEqual([
    "100\n",
    "200\n",
    "300\n",
  ]);
});

test("a fault that finds nothing to change is refused, not passed over", () => {
  const nothing = changeFiles("a lost fan", /fan1_input$/, () => "0\n");
  expect(() => spliceFrames({ name: "base", frames: fileFrames(["1\n"]) }, [nothing])).toThrow(
    "base holds nothing for: a lost fan",
  );
});

test("a dying disk's answers move from one recording into another, under the other's name", () => {
  const donor = readFrames(join(folder, "failures/disk-dying"));
  const toolKey = (device: string) =>
    `tool ${JSON.stringify(["smartctl", "--json=c", "-x", "-n", "standby", "-d", "sat", device])}`;
  const healthy = donor.frames.map((frame) => ({
    ...frame,
    answers: new Map([...frame.answers].filter(([key]) => key === toolKey("/dev/sda"))),
  }));
  const { frames, synthetic } = spliceFrames({ name: "healthy", frames: healthy }, [
    graft(
      "the answers of a dying disk",
      { name: donor.fixture.facts.name, frames: donor.frames },
      {
        questions: /smartctl.*sda/,
        firstFrame: 2,
        rename: (text) => text.replaceAll("/dev/sdb", "/dev/sda"),
      },
    ),
  ]);
  const pending = frames.map(({ answers }) => {
    const answer = answers.get(toolKey("/dev/sda"));
    if (answer?.kind !== "tool" || !answer.answer.ok) return null;
    return /"id":197,.*?"raw":\{"value":(\d+)/.exec(answer.answer.value.stdout)?.[1];
  });
  expect(pending.slice(0, 9)).toEqual(["0", "0", "0", "0", "0", "0", "8", "16", "24"]);
  expect(synthetic).toBe(
    "frames of healthy; the answers of a dying disk of disk-dying from frame 2",
  );
});
