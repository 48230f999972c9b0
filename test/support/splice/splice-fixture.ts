import { basename } from "node:path";
import { parseArgs } from "node:util";
import { writeFixture } from "#agent/hardware/write-fixture.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { readFrames } from "./read-frames.ts";
import { graft, spliceFrames } from "./splice-frames.ts";

/**
 * `node test/support/splice/splice-fixture.ts BASE DONOR OUT --questions REGEX [--from FRAME]
 * [--rename A=B] [--what TEXT]`: BASE with DONOR's answers to the questions that fit, from a frame
 * on, as a fixture of its own that says which parts it is made of. A question reads `file /sys/…`,
 * `tool ["smartctl",…]`, `directory …`, `link …`.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    questions: { type: "string" },
    from: { type: "string", default: "0" },
    rename: { type: "string", multiple: true, default: [] },
    what: { type: "string", default: "answers" },
  },
});
const [baseFolder, donorFolder, outFolder] = positionals;
if (
  baseFolder === undefined ||
  donorFolder === undefined ||
  outFolder === undefined ||
  values.questions === undefined
) {
  process.stderr.write(
    "write splice-fixture.ts BASE DONOR OUT --questions REGEX [--from FRAME] [--rename A=B] [--what TEXT]\n",
  );
  process.exitCode = 2;
} else {
  const { fixture, frames } = readFrames(baseFolder);
  const donor = readFrames(donorFolder);
  const renames = values.rename.map((pair) => pair.split("="));
  const rename = (text: string): string =>
    renames.reduce((renamed, [from = "", to = ""]) => renamed.replaceAll(from, to), text);
  const fault = graft(
    values.what,
    { name: donor.fixture.facts.name, frames: donor.frames },
    { questions: new RegExp(values.questions), firstFrame: Number(values.from), rename },
  );
  const spliced = spliceFrames({ name: fixture.facts.name, frames }, [fault]);
  const {
    format: _f,
    frames: _r,
    denied: _d,
    scrub: _s,
    size: _z,
    sha256: _h,
    ...facts
  } = fixture.facts;
  const synthetic = { is: true, what: spliced.synthetic };
  const description = { ...facts, name: basename(outFolder), synthetic };
  writeFixture(outFolder, description, spliced.frames, createSeededRandom(1));
  process.stdout.write(`${outFolder} ${spliced.synthetic}\n`);
}
