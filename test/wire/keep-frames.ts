/**
 * Keeps the bytes of a schema version when it is released: `node test/wire/keep-frames.ts v2`.
 * From then on every release must decode them to the same messages.
 */
import { keepFrames } from "./golden-frames.ts";
import { sampleFrames } from "./sample-frames.ts";

const [version] = process.argv.slice(2);
if (version === undefined || !/^v[0-9]+$/.test(version)) {
  process.stderr.write("usage: node test/wire/keep-frames.ts vN\n");
  process.exitCode = 2;
} else {
  keepFrames(version, sampleFrames());
}
