import { type ApiClient, ClientError } from "#fleet/api/client.ts";
import type { WantedAction } from "#fleet/api/plan-schemas.ts";
import { collectHosts } from "./collect-hosts.ts";

/** Hosts named in one line; of more the rest are counted. */
const namedMax = 12;

/**
 * What a refused verb says where every host that is meant stands where it would have brought it:
 * then nothing is left to do, and that is no failure. null: the refusal holds.
 */
export async function goalReached(
  client: ApiClient,
  wanted: { readonly selector: string; readonly action: WantedAction },
  refusal: unknown,
): Promise<string | null> {
  if (!(refusal instanceof ClientError) || refusal.problem?.code !== "phase-refused") return null;
  if (wanted.action.kind !== "drain") return null;
  const hosts = await collectHosts(client, { selector: wanted.selector });
  if (hosts.length === 0 || hosts.some(({ lifecycle }) => lifecycle !== "drained")) return null;
  const names = hosts.slice(0, namedMax).map(({ name }) => name);
  const more = hosts.length - names.length;
  const listed = `${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  return `${listed} ${hosts.length === 1 ? "is" : "are"} drained already`;
}
