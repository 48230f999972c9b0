import { type Answer, keyOf, type RecordedFrame } from "#agent/hardware/recording.ts";

/** What goes wrong: a change of the answers of a recording, frame by frame. */
export interface Fault {
  /** For `synthetic` of the result: what it is and where it comes from. */
  readonly what: string;
  /** The answer as it is to be; the same one where the fault does not touch it. */
  change(answer: Answer, frame: number): Answer;
}

export interface Spliced {
  readonly frames: readonly RecordedFrame[];
  /** Names the parts: a spliced recording is never taken for one machine's. */
  readonly synthetic: string;
}

/**
 * A recording with faults spliced in, in their order. Nothing is asked that was not asked before: the
 * base must hold an answer to whatever a fault changes, in each frame in which it changes it.
 * Throws where a fault touches nothing at all: its form does not fit this recording.
 */
export function spliceFrames(
  base: { readonly name: string; readonly frames: readonly RecordedFrame[] },
  faults: readonly Fault[],
): Spliced {
  const touched = new Set<Fault>();
  const frames = base.frames.map((frame, index): RecordedFrame => {
    const answers = new Map<string, Answer>();
    for (const answer of frame.answers.values()) {
      let changed = answer;
      for (const fault of faults) {
        const next = fault.change(changed, index);
        if (next !== changed) touched.add(fault);
        changed = next;
      }
      answers.set(keyOf(changed), changed);
    }
    return { ...frame, answers };
  });
  const idle = faults.find((fault) => !touched.has(fault));
  if (idle !== undefined) throw new Error(`${base.name} holds nothing for: ${idle.what}`);
  return {
    frames,
    synthetic: [`frames of ${base.name}`, ...faults.map(({ what }) => what)].join("; "),
  };
}

/**
 * Answers of another recording: frame n of the base takes what the donor said in its frame n (its
 * last one from then on). `rename` makes the donor's names those of the base: a disk's device.
 */
export function graft(
  what: string,
  donor: { readonly name: string; readonly frames: readonly RecordedFrame[] },
  of: {
    readonly questions: RegExp;
    readonly firstFrame: number;
    readonly rename?: (text: string) => string;
  },
): Fault {
  const rename = of.rename ?? ((text: string) => text);
  const histories = historiesOf(donor.frames, rename);
  return {
    what: `${what} of ${donor.name} from frame ${of.firstFrame}`,
    change(answer, frame) {
      const key = keyOf(answer);
      if (frame < of.firstFrame || !of.questions.test(key)) return answer;
      return histories.get(key)?.[frame - of.firstFrame] ?? histories.get(key)?.at(-1) ?? answer;
    },
  };
}

/** Answers by question in the base's words; a frame without one repeats the one before. */
function historiesOf(
  frames: readonly RecordedFrame[],
  rename: (text: string) => string,
): ReadonlyMap<string, readonly Answer[]> {
  const histories = new Map<string, Answer[]>();
  for (const [index, frame] of frames.entries()) {
    const named = new Map(frame.answers);
    // Where the donor has that name too, it is the renamed answer that is meant.
    for (const [key, answer] of frame.answers) {
      const renamed = renameAnswer(answer, rename);
      if (keyOf(renamed) !== key) named.set(keyOf(renamed), renamed);
    }
    for (const [key, answer] of named) {
      const history = histories.get(key) ?? [];
      while (history.length < index) history.push(history.at(-1) ?? answer);
      history.push(answer);
      histories.set(key, history);
    }
  }
  return histories;
}

function renameAnswer(answer: Answer, rename: (text: string) => string): Answer {
  if (answer.kind === "tool") {
    const { request } = answer;
    const named = { ...answer, request: { ...request, args: request.args.map(rename) } };
    if (!named.answer.ok) return named;
    const { exitCode, stdout, stderr } = named.answer.value;
    const value = { exitCode, stdout: rename(stdout), stderr: rename(stderr) };
    return { ...named, answer: { ok: true, value } };
  }
  if (answer.kind === "system-information") return answer;
  return { ...answer, path: rename(answer.path) };
}

/** Changes the text of the files that fit, where they can be read. */
export function changeFiles(
  what: string,
  path: RegExp,
  change: (text: string, frame: number, path: string) => string,
): Fault {
  return {
    what,
    change(answer, frame) {
      if (answer.kind !== "file" || !answer.answer.ok || !path.test(answer.path)) return answer;
      const text = Buffer.from(answer.answer.value).toString("latin1");
      const changed = change(text, frame, answer.path);
      if (changed === text) return answer;
      return {
        ...answer,
        answer: { ok: true, value: new Uint8Array(Buffer.from(changed, "latin1")) },
      };
    },
  };
}

/** Changes what a tool prints and how it ends, where it ran. */
export function changeTool(
  what: string,
  command: RegExp,
  change: (
    said: { readonly exitCode: number; readonly stdout: string },
    frame: number,
  ) => { readonly exitCode: number; readonly stdout: string },
): Fault {
  return {
    what,
    change(answer, frame) {
      if (answer.kind !== "tool" || !answer.answer.ok) return answer;
      const line = [answer.request.tool, ...answer.request.args].join(" ");
      if (!command.test(line)) return answer;
      const { value } = answer.answer;
      const changed = change(value, frame);
      if (changed.stdout === value.stdout && changed.exitCode === value.exitCode) return answer;
      return { ...answer, answer: { ok: true, value: { ...value, ...changed } } };
    },
  };
}
