/** One cell as a federation is told of it. */
export interface CellAddress {
  /** Origin, without a path: `https://fleet.eu.example.net:7600`. */
  readonly url: string;
  /** The name that the cell must have; null: whichever it says. */
  readonly name: string | null;
}

export interface CellAnswer {
  readonly status: number;
  /** Whole; never longer than was allowed. */
  readonly body: string;
}

/**
 * The way to one cell's manager. It can only read: there is no method in it, every request is a GET.
 * Both reject with CellError; the signal ends what is under way.
 */
export interface CellDoor {
  get(
    path: string,
    limits: { readonly bytesMax: number; readonly signal: AbortSignal },
  ): Promise<CellAnswer>;
  /** Text of a stream as it comes; ends when the cell ends it. */
  stream(
    path: string,
    ask: { readonly lastEventId: string | null; readonly signal: AbortSignal },
  ): AsyncIterable<string>;
}

/**
 * `unreachable`: no whole answer came; `silent`: none came in time; `refused`: the cell said no, its
 * `status` and problem say why; `foreign`: what came is not what a manager of this release says.
 * `message` is for people: what is wrong, and what to do.
 */
export class CellError extends Error {
  override readonly name = "CellError";
  readonly kind: "unreachable" | "silent" | "refused" | "foreign";
  readonly status: number;
  readonly problem: unknown;

  constructor(
    kind: CellError["kind"],
    message: string,
    options: {
      readonly status?: number;
      readonly problem?: unknown;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.status = options.status ?? 0;
    this.problem = options.problem ?? null;
  }
}
