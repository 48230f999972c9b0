/** A setting that cannot be used. The message names file and line, variable or flag, and what to write. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly code = "CONFIG_INVALID";
}
