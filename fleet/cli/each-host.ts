import { type ApiClient, ClientError } from "#fleet/api/client.ts";
import type { Host } from "#fleet/api/host-schemas.ts";
import { collectHosts } from "./collect-hosts.ts";
import { CommandError, exitCodeOf, exitCodes } from "./exit-codes.ts";
import type { Session } from "./session.ts";
import { safeText } from "./words.ts";

/**
 * Does something small to each host that the selector means, one after the other; what the manager
 * refused of one is told, and the rest goes on. Ends with 7 where a part was refused, and with the
 * refusal's own code where all were.
 */
export async function forEachHost<Done>(
  session: Session,
  selector: string,
  act: (client: ApiClient, host: Host) => Promise<Done>,
): Promise<readonly Done[]> {
  const client = await session.client();
  const hosts = await requireHosts(client, selector);
  const done: Done[] = [];
  let lastRefusal: ClientError | null = null;
  for (const host of hosts) {
    try {
      done.push(await act(client, host));
    } catch (error) {
      if (!(error instanceof ClientError) || error.kind !== "refused") throw error;
      if (hosts.length === 1) throw error;
      lastRefusal = error;
      session.terminal.stderr.write(safeText(`${host.name}: ${error.message}`).concat("\n"));
    }
  }
  if (lastRefusal !== null) {
    session.endWith(done.length === 0 ? exitCodeOf(lastRefusal) : exitCodes.partFailed);
  }
  return done;
}

/** Names that are no host's are refused, with those that look alike; so is a selector of none. */
async function requireHosts(client: ApiClient, selector: string): Promise<readonly Host[]> {
  if (selector.trim() === "") {
    throw new CommandError(exitCodes.usage, "the selector is empty", "name the hosts");
  }
  const names = selector.split(",").filter((part) => !part.includes("="));
  for (const name of names) await client.host(name.trim());
  const hosts = await collectHosts(client, { selector });
  if (hosts.length > 0) return hosts;
  throw new CommandError(exitCodes.usage, `"${selector}" means no host`);
}
