import type { DriverProblem } from "#fleet/boot-loop/bmc-driver.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { Notes } from "../notes.ts";
import { Resource } from "../resource.ts";
import type { RedfishClient, RedfishResource } from "./client.ts";
import { safePage, safePath } from "./links.ts";
import { problem } from "./problems.ts";

/** Paths of what belongs to the host; null: the service has none that can be read. */
export interface Places {
  readonly system: string;
  readonly chassis: string | null;
  readonly manager: string | null;
}

export const rootPath = "/redfish/v1";
const membersMax = 32;

/** The one host of this service, by links. */
export async function findPlaces(
  client: RedfishClient,
  signal: AbortSignal,
): Promise<Result<Places, DriverProblem>> {
  const root = await client.get(rootPath, signal);
  if (!root.ok) return root;
  const systems = await membersAt(client, lenient(root.value).link("Systems"), signal);
  if (!systems.ok) return systems;
  const found = chooseSystem(systems.value);
  if (!found.ok) return found;
  const system = lenient(found.value);
  const links = system.child("Links");
  const chassis =
    firstSafe(links?.links("Chassis", membersMax)) ??
    (await pointingAt(client, root.value, "Chassis", "ComputerSystems", found.value.path, signal));
  const manager =
    firstSafe(links?.links("ManagedBy", membersMax)) ??
    (await pointingAt(
      client,
      root.value,
      "Managers",
      "ManagerForServers",
      found.value.path,
      signal,
    ));
  return ok({ system: found.value.path, chassis, manager });
}

/** Read leniently; what is odd about it, the look-only crawl tells. */
export function lenient({ path, json }: Pick<RedfishResource, "path" | "json">): Resource {
  return new Resource(path, json, new Notes());
}

/**
 * The members of a collection that can be read. A broken one is left out; where none can be read, its
 * problem is the answer; an empty collection is not ready: some are empty after a restart.
 */
export async function membersAt(
  client: RedfishClient,
  link: string | null | undefined,
  signal: AbortSignal,
): Promise<Result<readonly RedfishResource[], DriverProblem>> {
  const path = safePath(link);
  if (path === null) return fail(problem("unsupported", "it has no such collection"));
  const listed = await listAt(client, path, signal);
  if (!listed.ok) return listed;
  const members: RedfishResource[] = [];
  let broken: DriverProblem | null = null;
  for (const member of listed.value) {
    const read = await client.get(member, signal);
    if (read.ok) members.push(read.value);
    else if (isOfAll(read.problem)) return read;
    else broken = read.problem;
  }
  if (members.length > 0) return ok(members);
  return fail(broken ?? problem("not-ready", `${path} has no members`));
}

/** Addresses of the members, over at most four pages. */
export async function listAt(
  client: RedfishClient,
  collection: string,
  signal: AbortSignal,
): Promise<Result<readonly string[], DriverProblem>> {
  const found = new Set<string>();
  let page: string | null = collection;
  for (let count = 0; page !== null && count < 4; count += 1) {
    const read: Result<RedfishResource, DriverProblem> = await client.get(page, signal);
    if (!read.ok) return count === 0 ? read : ok([...found]);
    for (const link of lenient(read.value).links("Members", membersMax)) {
      const path = safePath(link);
      if (path !== null && found.size < membersMax) found.add(path);
    }
    page = safePage(collection, read.value.json["Members@odata.nextLink"]);
  }
  return ok([...found]);
}

/** It is of the whole service and not of this resource. */
export function isOfAll({ kind }: DriverProblem): boolean {
  return (
    kind === "unauthorised" ||
    kind === "session-full" ||
    kind === "withdrawn" ||
    kind === "unanswered"
  );
}

/** Of several the one that is a machine and can be switched. */
function chooseSystem(systems: readonly RedfishResource[]): Result<RedfishResource, DriverProblem> {
  const narrow = [
    (): readonly RedfishResource[] => systems,
    () => systems.filter((one) => lenient(one).text("SystemType") === "Physical"),
    () => systems.filter(({ json }) => json["PowerState"] !== undefined),
    () => systems.filter((one) => lenient(one).child("Actions")?.child("#ComputerSystem.Reset")),
  ];
  for (const list of narrow) {
    const [only, ...others] = list();
    if (only !== undefined && others.length === 0) return ok(only);
  }
  return fail(problem("unsupported", `it has ${systems.length} systems: which is the host's?`));
}

/** The member whose links name the system, or the only one. */
async function pointingAt(
  client: RedfishClient,
  root: RedfishResource,
  collection: "Chassis" | "Managers",
  property: string,
  system: string,
  signal: AbortSignal,
): Promise<string | null> {
  const members = await membersAt(client, lenient(root).link(collection), signal);
  if (!members.ok) return null;
  const naming = members.value.find((one) =>
    lenient(one)
      .child("Links")
      ?.links(property, membersMax)
      .some((link) => safePath(link) === system),
  );
  const only = members.value.length === 1 ? members.value[0] : undefined;
  return (naming ?? only)?.path ?? null;
}

function firstSafe(links: readonly string[] | undefined): string | null {
  for (const link of links ?? []) {
    const path = safePath(link);
    if (path !== null) return path;
  }
  return null;
}
