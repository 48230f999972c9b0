/** Runs a program to its end; handed in, since fleet/boot starts none itself. */
export type RunProgram = (
  program: string,
  args: readonly string[],
  options?: RunOptions,
) => Promise<string>;

/** Rejects, with the end of its complaints, when the program ends with another code than 0. */
export interface RunOptions {
  readonly cwd?: string;
  /** Beside those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
}
