import { statSync } from "node:fs";
import { errorCode, modeOf, whyReplaceable } from "#agent/commands/trusted-path.ts";
import { configFileDefault, type HandsMay, loadAgentConfig } from "#agent/config/agent-config.ts";

/** What root allows its acting helper, out of the agent's settings file and nothing else. */
export interface HandsSettings {
  readonly may: readonly HandsMay[];
  readonly systemd: readonly string[];
  readonly hooks: string;
}

/** Where hooks lie unless the file says otherwise. */
export const rootHooksDefault = "/etc/wws-agent/drain.d";

/**
 * Read anew for each question. Throws ConfigError, or Error with the reason where somebody else than
 * root could have written it: a file that is not root's allows nothing.
 */
export function readHandsSettings(path: string = configFileDefault): HandsSettings {
  const why = whyNotRoots(path);
  if (why !== null) throw new Error(why);
  const config = loadAgentConfig({ environment: {}, flags: {}, file: path });
  const { handsMay, drainSystemd, drainHooks } = config;
  return { may: handsMay, systemd: drainSystemd, hooks: drainHooks ?? rootHooksDefault };
}

function whyNotRoots(path: string): string | null {
  try {
    const { uid, mode } = statSync(path);
    if (uid !== 0) return `${path} belongs to user ${uid}, not to root: it allows nothing`;
    if ((mode & 0o022) !== 0) {
      return `${path} can be written by others (mode ${modeOf({ mode })}): it allows nothing`;
    }
  } catch (error) {
    return `${path} cannot be read (${errorCode(error)}): it allows nothing`;
  }
  const why = whyReplaceable(path, 0);
  return why === null ? null : `${path} allows nothing: ${why}`;
}
