import type { DrainDetail, NoticeRecord } from "#fleet/lifecycle/operation.ts";
import { noticeClasses, type LeaseRecord } from "#fleet/tenancy/tenancy.ts";
import { exits } from "#fleet/lifecycle/exits.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { formatUtcMinute } from "#proto/vocabulary/utc-time.ts";
import type { Notice } from "./executor-effects.ts";
import { type Next, over, type StepRun } from "./step-run.ts";

/**
 * Each tenant with a lease is told once; nothing of theirs moves before the notice has run. An
 * emergency tells and does not wait. That nobody could be reached is recorded, and the time runs.
 */
export async function runNotify(run: StepRun, detail: DrainDetail): Promise<Next> {
  const { facts, effects } = run;
  const { leases } = facts;
  if (leases.length === 0)
    return run.end({ outcome: "skipped", evidence: "no tenant has a lease", next: "reserve" });
  const byTenant = Map.groupBy(leases, ({ tenantId }) => tenantId);
  const untold = [...byTenant].filter(
    ([tenantId]) => !detail.notices.some((notice) => notice.tenantId === tenantId),
  );
  let notices = detail.notices;
  if (untold.length > 0) {
    if (!(await run.intent())) return over;
    const told: NoticeRecord[] = [];
    for (const [, theirs] of untold) told.push(await tell(run, detail, theirs));
    notices = [...notices, ...told];
    run.acted();
  }
  const nowMs = effects.clock.nowUnixMs();
  const isHurry = detail.drain === "emergency";
  const untilMs = isHurry
    ? nowMs
    : Math.max(
        nowMs,
        ...notices.filter(({ tenantId }) => byTenant.has(tenantId)).map((notice) => notice.untilMs),
      );
  const next = { ...detail, notices };
  if (untilMs > nowMs)
    return run.wait(
      {
        why: [
          {
            code: "notice",
            words: `the notice to ${await namesOf(run, byTenant.keys())} runs`,
            who: "time, or the tenant by ending its lease",
            command: exits.cancel(run.operation.id),
            untilMs,
          },
        ],
        detail: notices === detail.notices ? detail : next,
      },
      untilMs - nowMs,
    );
  return run.end({
    outcome: "done",
    evidence: notices
      .map(({ isDelivered, detail: words }) => `${isDelivered ? "told" : "not told"}: ${words}`)
      .join("; "),
    next: "reserve",
    detail: next,
  });
}

async function tell(
  { effects, facts, operation }: StepRun,
  detail: DrainDetail,
  leases: readonly LeaseRecord[],
): Promise<NoticeRecord> {
  const toldMs = effects.clock.nowUnixMs();
  const [first] = leases;
  const tenantId = first?.tenantId as NoticeRecord["tenantId"];
  const noticeMs =
    detail.drain === "emergency"
      ? 0
      : Math.max(...leases.map(({ notice }) => noticeClasses[notice].noticeMs));
  const untilMs = unixMs(toldMs + noticeMs);
  const tenant = (await effects.tenancy.tenants()).find(({ id }) => id === tenantId);
  const base = { tenantId, leases: leases.map(({ id }) => id), toldMs, untilMs };
  if (tenant === undefined)
    return { ...base, isDelivered: false, detail: "nobody knows the tenant" };
  const notice: Notice = {
    key: `${operation.id} ${tenantId}`,
    tenant,
    leases,
    host: facts.host,
    operation,
    fromMs: untilMs,
    words: noticeWords(facts.host.name, operation.reason, untilMs, leases),
  };
  const { isDelivered, detail: words } = await effects.notify.tell(notice);
  return { ...base, isDelivered, detail: words.slice(0, noticeCharactersMax) };
}

/** Of what is kept about one delivery. */
const noticeCharactersMax = 300;

function noticeWords(
  host: string,
  reason: string,
  untilMs: number,
  leases: readonly LeaseRecord[],
): string {
  const fates = {
    migrate: "is moved by its adapter",
    replace: "gets another host first",
    wait: "waits until you end it",
    "stop-at-deadline": "is stopped gracefully by the deadline",
  } as const;
  const each = leases.map(({ id, evacuation }) => `Lease ${id} ${fates[evacuation]}.`).join(" ");
  return `${host} is being emptied: ${reason}. Nothing of yours moves before ${formatUtcMinute(untilMs)}. ${each} You may end a lease at any time.`;
}

async function namesOf({ effects }: StepRun, ids: Iterable<string>): Promise<string> {
  const names = new Map(
    (await effects.tenancy.tenants()).map(({ id, name }) => [id as string, name]),
  );
  return [...ids].map((id) => names.get(id) ?? id).join(", ");
}
