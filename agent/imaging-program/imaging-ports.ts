import type {
  ImagingAnswer,
  ImagingHello,
  ImagingMachine,
  ImagingProgress,
} from "#proto/messages/imaging.ts";
import type { ReimageToken, SignedToken } from "#proto/messages/reimage-token.ts";
import type { BootWords } from "#proto/vocabulary/boot-words.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import type { ImagingView } from "./imaging-view.ts";

export interface ImagingParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly release: string;
  readonly bootId: string;
  readonly words: BootWords;
  readonly readMachine: () => ImagingMachine;
  readonly readAddresses: () => readonly string[];
  readonly screen: ImagingScreen;
  /** null: the kernel's command line names nobody to ask. */
  readonly door: OrderDoor | null;
  readonly check: OrderCheck;
  readonly work: ImagingWork;
  /** Calls back when somebody at this console asks to stop. */
  readonly onStopByHand: (callback: () => void) => void;
  readonly signal: AbortSignal;
}

export interface ImagingScreen {
  show(view: ImagingView): void;
}

/** Whoever may send orders; problems are words for the screen. */
export interface OrderDoor {
  ask(hello: ImagingHello, signal: AbortSignal): Promise<Result<ImagingAnswer, string>>;
  tell(progress: ImagingProgress, signal: AbortSignal): Promise<Result<void, string>>;
}

/**
 * Whether this machine may do what the token says: signature, time, and every fact of the machine
 * that the token names. The problem is for people.
 */
export type OrderCheck = (
  signed: Omit<SignedToken, "token">,
  machine: ImagingMachine,
) => Promise<Result<ReimageToken, string>>;

/** Does what a token that was checked allows; the only part that touches disks. */
export interface ImagingWork {
  run(token: ReimageToken, onStep: (step: WorkStep) => void): Promise<WorkEnd>;
}

export interface WorkStep {
  readonly step: string;
  /** 0–1; null: it cannot be said. */
  readonly done: number | null;
  readonly text: string;
}

export type WorkEnd =
  | { readonly kind: "done"; readonly text: string }
  | { readonly kind: "failed"; readonly step: string; readonly text: string };
