import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import type { OrderFailPoint } from "#agent/commands/order-effects.ts";
import type { LogLevel } from "#agent/config/agent-config.ts";

/** What main.ts gives each command. */
export interface ProgramEffects {
  readonly clock: Clock;
  readonly random: Random;
  readonly environment: NodeJS.ProcessEnv;
  /** null: there is a terminal, and nobody shall be kept waiting for it. */
  readonly readInput: (() => Promise<string>) | null;
  /** Nothing, but in a test that ends the program between two steps of an order. */
  readonly failPoint: (name: OrderFailPoint) => void;
  /** Aborted by SIGINT or SIGTERM. */
  readonly interrupted: AbortSignal;
  openLog(level: LogLevel): Log;
  /** Data, for standard output. */
  print(text: string): void;
  /** Progress and problems, for standard error. */
  tell(text: string): void;
}
