import type { Asker } from "#fleet/lifecycle/lifecycle.ts";
import type { PlanRecord } from "#fleet/lifecycle/plan.ts";
import { whyNotForget } from "#fleet/lifecycle/why-not-forget.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { ManagerProcess } from "./manager-process.ts";
import type { StoryAction, StoryEvent } from "./story.ts";
import type { Tell } from "./watched-store.ts";

/** What people do through whichever manager answers them; who gets no answer has asked in vain. */
export interface Operators {
  act(event: OperatorAct): void;
}

export type OperatorAct = Extract<StoryEvent, { readonly do: OperatorVerb }>;
type OperatorVerb =
  | "start"
  | "plan"
  | "change-mind"
  | "change-plan"
  | "hold"
  | "release-hold"
  | "claim"
  | "end-lease"
  | "confirm-off"
  | "look-at-domains"
  | "revoked";

export function createOperators(parts: {
  /** null: nobody answers. */
  readonly manager: () => ManagerProcess | null;
  readonly hostId: (index: number) => HostId;
  readonly serial: (index: number) => string;
  readonly isOn: (index: number) => boolean;
  readonly tell: Tell;
  readonly note: (line: string) => void;
}): Operators {
  const askerOf = (by: string): Asker => ({
    name: by,
    kind: "person",
    reason: "it is my turn",
    // Two agree: what needs a second person finds one.
    approvedBy: by === "ann" ? "ben" : "ann",
  });

  /** Tells of the question, and of the answer when one comes. */
  const ask = async (
    about: { readonly verb: string; readonly by: string; readonly hosts: readonly number[] },
    question: (manager: ManagerProcess) => Promise<{ readonly ok: boolean } | null>,
  ): Promise<void> => {
    const manager = parts.manager();
    if (manager === null) return parts.note(`${about.by} asks ${about.verb}: nobody answers`);
    const asked = {
      kind: "asked" as const,
      by: about.by,
      approvedBy: askerOf(about.by).approvedBy ?? null,
      verb: about.verb,
      hostIds: about.hosts.map(parts.hostId),
    };
    parts.tell(asked);
    const answer = await question(manager);
    if (answer === null) return;
    parts.tell({ ...asked, answer: answer.ok ? "ok" : "refused" });
    parts.note(`${about.by} asks ${about.verb} of ${about.hosts.join(" ")}: ${answer.ok}`);
  };

  const openOperation = async ({ life }: ManagerProcess, index: number) => {
    const explained = await life.lifecycle.explain(parts.hostId(index));
    return explained?.operation ?? null;
  };

  const plan = async (
    { life }: ManagerProcess,
    action: StoryAction,
    hosts: readonly number[],
    asker: Asker,
  ): Promise<{ readonly ok: boolean }> => {
    const hostIds = hosts.map(parts.hostId);
    const asked = {
      kind: "asked",
      by: asker.name,
      approvedBy: asker.approvedBy ?? null,
      hostIds,
    } as const;
    const made = await life.plans.plan({
      action,
      selector: hosts.map((index) => `host-${index}`).join(","),
      hostIds,
      asker,
    });
    if (!made.ok) return made;
    parts.tell({ ...asked, verb: `apply ${action.kind}` });
    return life.plans.apply(made.value.id, made.value.hash, asker);
  };

  const newestPlan = async ({ life }: ManagerProcess): Promise<PlanRecord | undefined> => {
    const plans = await life.plans.list({ before: null, limit: 20 });
    return plans.find(({ endedMs }) => endedMs === null);
  };

  const perform = async (event: OperatorAct): Promise<void> => {
    switch (event.do) {
      case "start":
        // As the route does it: a plan of one host, applied at once.
        return ask(
          { verb: `plan ${event.action.kind}`, by: event.by, hosts: [event.host] },
          (manager) => plan(manager, event.action, [event.host], askerOf(event.by)),
        );
      case "plan":
        return ask(
          { verb: `plan ${event.action.kind}`, by: event.by, hosts: event.hosts },
          (manager) => plan(manager, event.action, event.hosts, askerOf(event.by)),
        );
      case "change-mind":
        return ask({ verb: event.verb, by: event.by, hosts: [event.host] }, async (manager) => {
          const operation = await openOperation(manager, event.host);
          if (operation === null) return null;
          return manager.life.lifecycle[event.verb](operation.id, askerOf(event.by));
        });
      case "change-plan":
        return ask({ verb: event.verb, by: event.by, hosts: [] }, async (manager) => {
          const found = await newestPlan(manager);
          if (found === undefined) return null;
          return manager.life.plans[event.verb](found.id, askerOf(event.by));
        });
      case "hold":
        return ask({ verb: "hold", by: event.by, hosts: [event.host] }, ({ life, process }) =>
          life.lifecycle.addHold(
            {
              hostId: parts.hostId(event.host),
              kind: event.kind,
              expiresMs:
                event.forMs === null ? null : unixMs(process.clock.nowUnixMs() + event.forMs),
              reviewMs: null,
              forWhom: null,
            },
            askerOf(event.by),
          ),
        );
      case "release-hold":
        return ask(
          { verb: "release", by: event.by, hosts: [event.host] },
          async ({ life, inventory }) => {
            const host = await inventory.host(parts.hostId(event.host));
            const hold =
              host && life.lifecycle.view(host).holds.find(({ kind }) => kind === event.kind);
            return hold === undefined
              ? null
              : life.lifecycle.releaseHold(hold.id, askerOf(event.by));
          },
        );
      case "claim":
        return ask({ verb: "claim", by: "acme", hosts: [event.host] }, async ({ life }) => {
          const known = (await life.tenancy.tenants())[0];
          const tenant =
            known ??
            (await life.tenancy
              .addTenant({ name: "acme", webhook: null, by: "ann" })
              .then((added) => (added.ok ? added.value : undefined)));
          if (tenant === undefined) return { ok: false };
          return life.tenancy.claim({
            tenantId: tenant.id,
            hostId: parts.hostId(event.host),
            share: event.share,
            trust: "operated",
            notice: event.notice,
            evacuation: event.evacuation,
            workloads: [],
            by: "acme",
          });
        });
      case "end-lease":
        return ask({ verb: "end-lease", by: "acme", hosts: [event.host] }, async ({ life }) => {
          const [lease] = life.tenancy.leasesOf(parts.hostId(event.host));
          return lease === undefined ? null : life.tenancy.end(lease.id, "acme");
        });
      case "confirm-off":
        return ask({ verb: "confirm-off", by: event.by, hosts: [event.host] }, async (manager) => {
          const operation = await openOperation(manager, event.host);
          if (operation === null) return null;
          // Who stands before it sees that it is on. Who stands before another one is told so where
          // it is heard; where it is not, nobody could know better than a person's word.
          const { state } = manager.links.view(parts.hostId(event.host));
          if (parts.isOn(event.host) && state !== "connected") return null;
          const { lifecycle } = manager.life;
          return lifecycle.confirmOff(operation.id, parts.serial(event.host), askerOf(event.by));
        });
      case "look-at-domains":
        return ask({ verb: "acknowledge", by: event.by, hosts: [] }, async ({ life }) => {
          const [found] = life.domains.open();
          return found === undefined ? null : life.domains.acknowledge(found.id, askerOf(event.by));
        });
      case "revoked":
        return ask({ verb: "remove", by: event.by, hosts: [event.host] }, (manager) =>
          forget(manager, event.host),
        );
      default:
        throw new Error(`nobody does ${JSON.stringify(event satisfies never)}`);
    }
  };

  /** As the route does it. */
  const forget = async (
    { life, inventory, identity }: ManagerProcess,
    index: number,
  ): Promise<{ readonly ok: boolean } | null> => {
    const host = await inventory.host(parts.hostId(index));
    const explained = host && (await life.lifecycle.explain(host.id));
    if (host === undefined || explained === undefined) return null;
    const { operation, view } = explained;
    if (whyNotForget(host, { operation, leases: view.leases }).length > 0) return { ok: false };
    const removed = await inventory.remove(host.id);
    if (removed === "in-use") return { ok: false };
    await identity.revoke(host.id);
    return { ok: true };
  };

  return {
    act(event) {
      perform(event).catch((error: unknown) =>
        parts.note(`${event.do}: ${error instanceof Error ? error.message : String(error)}`),
      );
    },
  };
}
