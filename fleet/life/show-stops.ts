import type { FreezeWatch } from "#fleet/lifecycle/freeze-watch.ts";
import type { Lifecycle, Plans } from "#fleet/lifecycle/lifecycle.ts";
import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import { operationTable } from "#fleet/lifecycle/operation-table.ts";
import type { PlanRecord } from "#fleet/lifecycle/plan.ts";
import type { SafeModeWatch } from "#fleet/lifecycle/safe-mode-watch.ts";
import type { Why } from "#fleet/lifecycle/why.ts";

/**
 * What stands still because of a freeze, or of a store that is not trusted, says so, in front of all
 * it waited for before: nothing is written into it, so that it goes on from where it was.
 */
export function showStops(
  parts: { readonly lifecycle: Lifecycle; readonly plans: Plans },
  watches: {
    readonly freeze: Pick<FreezeWatch, "whys">;
    readonly safeMode: Pick<SafeModeWatch, "whys">;
  },
): { readonly lifecycle: Lifecycle; readonly plans: Plans } {
  const { lifecycle, plans } = parts;
  const stops = (): readonly Why[] => [...watches.freeze.whys(), ...watches.safeMode.whys()];
  /** A light may blink in a freeze; in a store that is not trusted nothing goes on. */
  const stopsOf = ({ status, kind }: OperationRecord): readonly Why[] => {
    if (status !== "running") return [];
    return operationTable[kind].class === "L" ? watches.safeMode.whys() : stops();
  };
  const operation = (record: OperationRecord): OperationRecord => withWhys(record, stopsOf(record));
  const plan = (record: PlanRecord): PlanRecord =>
    record.status === "applying" ? withWhys(record, stops()) : record;
  return {
    lifecycle: {
      ...lifecycle,
      async operation(id) {
        const found = await lifecycle.operation(id);
        return found && operation(found);
      },
      operations: async (ask) => (await lifecycle.operations(ask)).map(operation),
      async explain(hostId) {
        const told = await lifecycle.explain(hostId);
        if (told?.operation === null || told === undefined) return told;
        const waitsFor = [...stopsOf(told.operation), ...told.waitsFor];
        return { ...told, operation: operation(told.operation), waitsFor };
      },
    },
    plans: {
      ...plans,
      async find(id) {
        const found = await plans.find(id);
        return found && plan(found);
      },
      list: async (ask) => (await plans.list(ask)).map(plan),
      waiting: (record, host) => [...stops(), ...plans.waiting(record, host)],
    },
  };
}

function withWhys<Item extends { readonly why: readonly Why[] }>(
  item: Item,
  whys: readonly Why[],
): Item {
  return whys.length === 0 ? item : { ...item, why: [...whys, ...item.why] };
}
