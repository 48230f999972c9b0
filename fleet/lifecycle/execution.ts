import type { HostId, OperationId } from "#proto/vocabulary/ids.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import type { Decision, HostFacts } from "./decision.ts";
import type { LifeRefusal } from "./lifecycle.ts";
import type { OperationRecord } from "./operation.ts";

/** The lifecycle as who carries operations out sees it. */
export interface Execution {
  /** Those that have not ended, from memory. */
  openOperations(): readonly OperationRecord[];
  /** Of the cordons that drains left: hosts whose agents may still be fenced. */
  cordonedHosts(): readonly HostId[];
  facts(hostId: HostId): Promise<HostFacts | undefined>;
  operation(id: OperationId): Promise<OperationRecord | undefined>;
  /**
   * Judges on what is so now, and writes it. When something moved meanwhile it is judged again. One
   * change of a host at a time.
   */
  change<Value>(
    hostId: HostId,
    decide: (facts: HostFacts) => Decision<Value>,
  ): Promise<Result<Value, LifeRefusal>>;
}
