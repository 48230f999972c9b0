import type { SeededRandom } from "#test/support/seeded-random.ts";
import type { Walk } from "./load-walk.ts";
import type { ServerShape } from "./server-shape.ts";

/** Contents of files by their path. */
export type Texts = Readonly<Record<string, string>>;

/** What the parts of one server have in common. */
export interface TextParts {
  readonly shape: ServerShape;
  /** Of this part alone. */
  readonly random: SeededRandom;
  /** Share of time the processors are busy in a frame. */
  readonly load: Walk;
}
