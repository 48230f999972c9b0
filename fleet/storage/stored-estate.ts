import { Type } from "typebox";
import { Compile } from "typebox/compile";
import type { FeedRecord, MaintenanceWindow } from "#fleet/inventory/host-record.ts";
import { operationKinds, type RunningOperation } from "#fleet/inventory/running-operation.ts";
import type { OperationId } from "#proto/vocabulary/ids.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { damagedRow } from "./store-error.ts";
import { parseJson } from "./stored-json.ts";

// JSON in the columns of hosts, sites and racks. A damaged one stops the start: a host whose operation
// cannot be read must not be taken for one that is free.

const operationSchema = Type.Object({
  id: Type.Unsafe<OperationId>(Type.String()),
  kind: Type.Enum([...operationKinds]),
  step: Type.String(),
  epoch: Type.Integer({ minimum: 0 }),
  deadlineMs: Type.Union([Type.Unsafe<UnixMs>(Type.Number()), Type.Null()]),
  isPaused: Type.Boolean(),
});

const windowsSchema = Type.Array(
  Type.Object({
    days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 })),
    fromMinute: Type.Integer({ minimum: 0, maximum: 1_440 }),
    toMinute: Type.Integer({ minimum: 0, maximum: 1_440 }),
  }),
);

const feedsSchema = Type.Array(
  Type.Object({
    name: Type.String(),
    budgetWatts: Type.Union([Type.Number(), Type.Null()]),
    upstream: Type.Union([Type.String(), Type.Null()]),
  }),
);

/** Ten thousand hosts and five hundred racks are read at each start. */
const isOperation = Compile(operationSchema);
const isWindows = Compile(windowsSchema);
const isFeeds = Compile(feedsSchema);

/** Throws StoreError `STORE_DAMAGED`, as the others here. */
export function parseStoredOperation(json: string): RunningOperation {
  const value = parseJson(json);
  if (isOperation.Check(value)) return value;
  throw damagedRow(`a host's operation is ${json.slice(0, 80)}`);
}

export function parseStoredWindows(json: string): readonly MaintenanceWindow[] {
  const value = parseJson(json);
  if (isWindows.Check(value)) return value;
  throw damagedRow(`a site's maintenance windows are ${json.slice(0, 80)}`);
}

export function parseStoredFeeds(json: string): readonly FeedRecord[] {
  const value = parseJson(json);
  if (isFeeds.Check(value)) return value;
  throw damagedRow(`a rack's feeds are ${json.slice(0, 80)}`);
}
