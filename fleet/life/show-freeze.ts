import type { FreezeWatch } from "#fleet/lifecycle/freeze-watch.ts";
import type { Lifecycle, Plans } from "#fleet/lifecycle/lifecycle.ts";
import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import { operationTable } from "#fleet/lifecycle/operation-table.ts";
import type { PlanRecord } from "#fleet/lifecycle/plan.ts";
import type { Why } from "#fleet/lifecycle/why.ts";

/**
 * What stands still because of the freeze says so, in front of all it waited for before: nothing is
 * written into it, so that it goes on from where it was.
 */
export function showFreeze(
  parts: { readonly lifecycle: Lifecycle; readonly plans: Plans },
  watch: Pick<FreezeWatch, "whys">,
): { readonly lifecycle: Lifecycle; readonly plans: Plans } {
  const { lifecycle, plans } = parts;
  const operation = (record: OperationRecord): OperationRecord => {
    const isHeld = record.status === "running" && operationTable[record.kind].class !== "L";
    return isHeld ? withWhys(record, watch.whys()) : record;
  };
  const plan = (record: PlanRecord): PlanRecord =>
    record.status === "applying" ? withWhys(record, watch.whys()) : record;
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
        const held = operation(told.operation);
        const whys = held === told.operation ? [] : watch.whys();
        return { ...told, operation: held, waitsFor: [...whys, ...told.waitsFor] };
      },
    },
    plans: {
      ...plans,
      async find(id) {
        const found = await plans.find(id);
        return found && plan(found);
      },
      list: async (ask) => (await plans.list(ask)).map(plan),
      waiting: (record, host) => [...watch.whys(), ...plans.waiting(record, host)],
    },
  };
}

function withWhys<Item extends { readonly why: readonly Why[] }>(
  item: Item,
  whys: readonly Why[],
): Item {
  return whys.length === 0 ? item : { ...item, why: [...whys, ...item.why] };
}
