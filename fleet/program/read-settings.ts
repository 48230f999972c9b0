import type { LocalCommands } from "#fleet/cli/terminal.ts";
import { loadFleetConfig } from "#fleet/config/load-config.ts";
import { configProblemText } from "./serve.ts";

/** For `wws-fleet config check`. */
export const readSettings: NonNullable<LocalCommands["readSettings"]> = async ({ configFile }) => {
  const loaded = loadFleetConfig({
    flags: { "--config": configFile },
    environment: process.env,
    workingFolder: process.cwd(),
  });
  if (!loaded.ok) return { ok: false, problems: loaded.problem.map(configProblemText) };
  return {
    ok: true,
    settings: loaded.value.settings.map(({ key, value, origin }) => ({
      name: key,
      value: typeof value === "string" ? value : JSON.stringify(value),
      source: origin,
    })),
  };
};
