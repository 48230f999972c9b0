/**
 * What the imaging OS and the provisioning listener say to each other, as JSON over HTTP. Nothing in
 * it is believed on either side: the host proves itself by what only it was given, an order by its
 * signature.
 */

/** `POST {url}/hello`, once a few seconds. */
export interface ImagingHello {
  /** Version of the agent in the imaging OS. */
  readonly release: string;
  readonly bootId: string;
  /** From the kernel's command line; null: it was not said there. */
  readonly hostId: string | null;
  readonly operationId: string | null;
  readonly machine: ImagingMachine;
  /** Word of the state on the machine's screen. */
  readonly state: ImagingStateKind;
}

/** As its own firmware says; null: it says nothing, or a placeholder. */
export interface ImagingMachine {
  readonly maker: string | null;
  readonly product: string | null;
  readonly systemSerial: string | null;
  readonly boardSerial: string | null;
  readonly smbiosUuid: string | null;
  /** Lower case with colons, in order of the cards' names. */
  readonly macs: readonly string[];
}

export const imagingStateKinds = [
  "starting",
  "unreachable",
  "idle",
  "refused",
  "counting-down",
  "working",
  "failed",
  "done",
  "stopped-by-hand",
] as const;
export type ImagingStateKind = (typeof imagingStateKinds)[number];

/** Answer to a hello. */
export type ImagingAnswer =
  | { readonly kind: "idle" }
  | {
      readonly kind: "order";
      /** The token's canonical bytes and the signature over them, base64. */
      readonly token: string;
      readonly signature: string;
      readonly keyId: string;
    };

/** `POST {url}/progress`: how far it is; the last one of an operation says how it ended. */
export interface ImagingProgress {
  readonly bootId: string;
  readonly operationId: string;
  readonly epoch: number;
  readonly state: ImagingStateKind;
  /** Name of the step, as the operation has it. */
  readonly step: string;
  /** 0–1; null: it cannot be said. */
  readonly done: number | null;
  /** In words; at most 256 characters. */
  readonly text: string;
}

export const imagingLimits = {
  answerBytesMax: 64 * 1024,
  answerMsMax: 15_000,
  helloEveryMs: 5_000,
  helloEveryMsMax: 60_000,
  textCharactersMax: 256,
} as const;
