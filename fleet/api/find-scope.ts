import type { AlertDesk } from "#fleet/alerts/alert-desk.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Lifecycle, Plans } from "#fleet/lifecycle/lifecycle.ts";
import type { Tenancy } from "#fleet/tenancy/tenancy-desk.ts";
import {
  type AlertId,
  type HoldId,
  type HostId,
  type LeaseId,
  type OperationId,
  parseUuid,
  type PlanId,
} from "#proto/vocabulary/ids.ts";
import { parsePosition } from "#proto/vocabulary/position.ts";
import { requireVisibleHost } from "./find-host.ts";
import { requireSelection } from "./find-selection.ts";
import type { HostViews } from "./host-views.ts";
import { ApiError, type ProblemCode } from "./problems.ts";
import type { ScopeSource } from "./scope-source.ts";
import { nowhere, type Placed, type Sight } from "./sight.ts";

export interface ScopeParts {
  readonly inventory: Inventory;
  readonly views: HostViews;
  readonly plans: Pick<Plans, "find">;
  readonly lifecycle: Pick<Lifecycle, "operation" | "view">;
  readonly tenancy: Pick<Tenancy, "leases">;
  readonly alerts: Pick<AlertDesk, "find">;
}

/** Something that a request is about, and where it is. */
export interface Touched {
  readonly name: string;
  readonly placed: Placed;
}

export interface ScopeAsk {
  readonly params: unknown;
  readonly body: unknown;
  readonly sight: Sight;
}

/**
 * Finds what a request is about. What the asker may not see is refused just as what is not there.
 * What is not there, and no secret, is left to the handler: nothing is touched.
 */
export function createScopeFinder(
  parts: ScopeParts,
): (source: ScopeSource, ask: ScopeAsk) => Promise<"cell" | readonly Touched[]> {
  const { inventory, views } = parts;

  const hostsOf = async (ids: readonly HostId[]): Promise<readonly Touched[]> =>
    Promise.all(
      ids.map(async (id) => {
        const host = await inventory.host(id);
        return { name: host?.name ?? id, placed: host ?? nowhere };
      }),
    );
  const hidden = (touched: readonly Touched[], sight: Sight): boolean =>
    touched.some(({ placed }) => !sight.sees(placed));
  const seenOnly = (
    touched: readonly Touched[],
    sight: Sight,
    code: ProblemCode,
    words: string,
  ): readonly Touched[] => {
    if (hidden(touched, sight)) throw new ApiError(code, words);
    return touched;
  };
  const namedHost = async (name: string, sight: Sight): Promise<Touched> => {
    const host = await requireVisibleHost(inventory, name, sight);
    return { name: host.name, placed: host };
  };
  const holderOf = async (id: HoldId): Promise<readonly HostId[]> => {
    const hosts = await inventory.hosts();
    return hosts
      .filter((host) => parts.lifecycle.view(host).holds.some((hold) => hold.id === id))
      .map(({ id: hostId }) => hostId);
  };

  return async (source, { params, body, sight }) => {
    const id = textOf(params, "id");
    const shown = id.slice(0, 64);
    switch (source) {
      case "cell":
        return "cell";
      case "somewhere":
      case "listed":
        return [];
      case "host":
        return [await namedHost(id, sight)];
      case "host-of-body":
        return [await namedHost(textOf(body, "host"), sight)];
      case "host-and-position":
        return [await namedHost(id, sight), ...(placeIn(body) ?? [])];
      case "position":
        return placeIn(body) ?? "cell";
      case "selected": {
        const wanted = body as { readonly selector: string; readonly count?: number };
        const hosts = await requireSelection({ inventory, views }, wanted, sight);
        return hosts.map((host) => ({ name: host.name, placed: host }));
      }
      case "plan": {
        const parsed = parseUuid<PlanId>(id);
        const plan = parsed.ok ? await parts.plans.find(parsed.value) : undefined;
        const touched = await hostsOf(plan?.hosts.map(({ hostId }) => hostId) ?? []);
        return seenOnly(touched, sight, "plan-unknown", `there is no plan "${shown}"`);
      }
      case "operation": {
        const parsed = parseUuid<OperationId>(id);
        const found = parsed.ok ? await parts.lifecycle.operation(parsed.value) : undefined;
        const touched = await hostsOf(found === undefined ? [] : [found.hostId]);
        return seenOnly(touched, sight, "operation-unknown", `there is no operation "${shown}"`);
      }
      case "hold": {
        const parsed = parseUuid<HoldId>(id);
        const touched = await hostsOf(parsed.ok ? await holderOf(parsed.value) : []);
        return seenOnly(touched, sight, "hold-unknown", `there is no hold "${shown}"`);
      }
      case "lease": {
        const parsed = parseUuid<LeaseId>(id);
        const leases = parsed.ok ? await parts.tenancy.leases() : [];
        const ids = leases.filter((lease) => lease.id === id).map(({ hostId }) => hostId);
        return seenOnly(await hostsOf(ids), sight, "lease-unknown", `there is no lease "${shown}"`);
      }
      case "alert": {
        const parsed = parseUuid<AlertId>(id);
        const found = parsed.ok ? await parts.alerts.find(parsed.value) : undefined;
        const hosts = found?.alert.hosts ?? [];
        if (found !== undefined && hosts.length === 0) return "cell";
        const touched = await hostsOf(hosts.map((host) => host.id));
        return seenOnly(touched, sight, "alert-unknown", `there is no open alert "${shown}"`);
      }
    }
  };
}

/** undefined: the body says no position, or none that can be read: the handler says so. */
function placeIn(body: unknown): readonly Touched[] | undefined {
  const text = textOf(body, "position");
  const position = parsePosition(text);
  if (!position.ok) return undefined;
  return [{ name: text, placed: { position: position.value, tags: [] } }];
}

function textOf(from: unknown, name: string): string {
  const value =
    typeof from === "object" && from !== null ? (from as Record<string, unknown>)[name] : undefined;
  return typeof value === "string" ? value : "";
}
