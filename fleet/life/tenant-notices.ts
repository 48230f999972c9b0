import type { NotifyPort } from "#fleet/executor/executor-effects.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";

/** What of the world's `fetch` is needed, handed in. */
export type HttpFetch = (url: string, init: RequestInit) => Promise<Response>;

const answerMsMax = 10_000;

/**
 * Tells tenants by a POST to the address that they gave. The same notice carries the same
 * Idempotency-Key, so that one sent again is not read as another. What cannot be delivered is said.
 */
export function createTenantNotices(effects: {
  readonly fetch: HttpFetch;
  readonly clock: Clock;
}): NotifyPort {
  return {
    async tell({ key, tenant, leases, host, operation, fromMs, words }) {
      if (tenant.webhook === null) {
        return { isDelivered: false, detail: `${tenant.name} has no address for notices` };
      }
      const late = new AbortController();
      const cancel = effects.clock.after(answerMsMax, () =>
        late.abort(new Error(`no answer within ${answerMsMax / 1_000} s`)),
      );
      try {
        const response = await effects.fetch(tenant.webhook, {
          method: "POST",
          redirect: "error",
          signal: late.signal,
          headers: { "content-type": "application/json", "idempotency-key": key },
          body: JSON.stringify({
            kind: "host-drain",
            host: host.name,
            reason: operation.reason,
            operationId: operation.id,
            fromMs,
            deadlineMs: operation.deadlineMs,
            leases: leases.map(({ id, evacuation }) => ({ id, evacuation })),
            words,
          }),
        });
        await response.body?.cancel();
        return {
          isDelivered: response.ok,
          detail: `${addressOf(tenant.webhook)} answered ${response.status}`,
        };
      } catch (cause) {
        const reason = late.signal.aborted ? late.signal.reason : cause;
        const told = reason instanceof Error ? reason.message : String(reason);
        return { isDelivered: false, detail: `${addressOf(tenant.webhook)}: ${told}` };
      } finally {
        cancel();
      }
    },
  };
}

/** Without what stands behind it: a webhook's path is often its secret. */
function addressOf(webhook: string): string {
  return URL.canParse(webhook) ? new URL(webhook).origin : "its address";
}
