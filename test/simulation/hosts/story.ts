import type { OrderFailPoint } from "#agent/commands/order-effects.ts";
import type { HoldKind } from "#fleet/lifecycle/hold.ts";
import type { DrainKind } from "#fleet/lifecycle/operation.ts";
import type { EvacuationStrategy, NoticeClass } from "#fleet/tenancy/tenancy.ts";
import type { Partition } from "#test/support/memory-link.ts";
import type { Manner } from "./host-work.ts";

export type Seat = "A" | "B";

/** What is ordered of one host, or of each host of a plan. */
export type StoryAction =
  | {
      readonly kind: "drain";
      readonly drain: DrainKind;
      readonly deadlineMs: number;
      readonly force: boolean;
      readonly graceMs: number;
    }
  | { readonly kind: "reboot"; readonly graceMs: number }
  | { readonly kind: "return" }
  | { readonly kind: "clear" };

/**
 * One thing that happens, with everything that is needed to make it happen again: nothing is drawn
 * while a story is played, so that any part of it can be left out. Hosts by their index.
 */
export type StoryEvent = { readonly atMs: number } & (
  | ManagerEvent
  | AgentEvent
  | WireEvent
  | OperatorEvent
);

type ManagerEvent =
  | { readonly do: "manager-killed"; readonly seat: Seat; readonly downMs: number }
  /** When its executor passes this point for the nth time from now on. */
  | {
      readonly do: "manager-killed-at";
      readonly seat: Seat;
      readonly point: string;
      readonly downMs: number;
    }
  /** At the nth question to its store from now on: before it is asked, or before the answer is heard. */
  | {
      readonly do: "manager-stopped-at-await";
      readonly seat: Seat;
      readonly nth: number;
      readonly moment: "ask" | "answer";
      readonly how: "killed" | "paused";
      readonly forMs: number;
    }
  | { readonly do: "manager-paused"; readonly seat: Seat; readonly forMs: number }
  | { readonly do: "manager-clock"; readonly seat: Seat; readonly byMs: number }
  | {
      readonly do: "store-restored";
      /** How old the backup is. */
      readonly ageMs: number;
      readonly isMarked: boolean;
      /** Two people have looked after this. */
      readonly acknowledgeMs: number;
    };

type AgentEvent =
  | { readonly do: "agent-killed"; readonly host: number; readonly downMs: number }
  | { readonly do: "agent-killed-at"; readonly host: number; readonly point: OrderFailPoint }
  | { readonly do: "agent-killed-at-answer"; readonly host: number; readonly nth: number }
  | {
      readonly do: "orders-torn";
      readonly host: number;
      readonly how: "before-rename" | "after-rename";
    }
  | { readonly do: "orders-disk-full"; readonly host: number; readonly forMs: number }
  | { readonly do: "power-cut"; readonly host: number; readonly offMs: number }
  | { readonly do: "host-clock"; readonly host: number; readonly byMs: number }
  | {
      readonly do: "work";
      readonly host: number;
      readonly name: string;
      readonly manner: Manner;
      readonly stopMs: number;
    }
  | { readonly do: "adapter-down"; readonly host: number; readonly forMs: number }
  | { readonly do: "hold-file"; readonly host: number; readonly forMs: number }
  | { readonly do: "ill"; readonly host: number; readonly forMs: number }
  /** Its key is in the wrong hands for a while; `victim` is who it speaks of. */
  | {
      readonly do: "hostile";
      readonly host: number;
      readonly victim: number;
      readonly forMs: number;
    };

type WireEvent =
  | { readonly do: "cut"; readonly host: number }
  | {
      readonly do: "partition";
      /** null: all of them. */
      readonly host: number | null;
      readonly partition: Exclude<Partition, "none">;
      readonly forMs: number;
    }
  | {
      readonly do: "bad-wire";
      readonly host: number;
      readonly drop: number;
      readonly duplicate: number;
      readonly reorder: number;
      readonly delayMsMax: number;
      readonly forMs: number;
    };

type OperatorEvent =
  | {
      readonly do: "start";
      readonly host: number;
      readonly by: string;
      readonly action: StoryAction;
    }
  | {
      readonly do: "plan";
      readonly hosts: readonly number[];
      readonly by: string;
      readonly action: StoryAction;
    }
  | {
      readonly do: "change-mind";
      readonly host: number;
      readonly by: string;
      readonly verb: "cancel" | "pause" | "resume";
    }
  | {
      readonly do: "change-plan";
      readonly by: string;
      readonly verb: "cancel" | "pause" | "resume";
    }
  | {
      readonly do: "hold";
      readonly host: number;
      readonly by: string;
      readonly kind: HoldKind;
      readonly forMs: number | null;
    }
  | {
      readonly do: "release-hold";
      readonly host: number;
      readonly by: string;
      readonly kind: HoldKind;
    }
  | {
      readonly do: "claim";
      readonly host: number;
      readonly evacuation: EvacuationStrategy;
      readonly notice: NoticeClass;
      readonly share: "shared" | "exclusive";
    }
  | { readonly do: "end-lease"; readonly host: number }
  | { readonly do: "confirm-off"; readonly host: number; readonly by: string }
  | { readonly do: "look-at-domains"; readonly by: string }
  | { readonly do: "revoked"; readonly host: number; readonly by: string };

/** Everything that a run is made of. */
export interface Story {
  readonly seed: number;
  readonly hosts: number;
  /** How long things go wrong; a quiet time comes after it. */
  readonly spanMs: number;
  /** Managers on the one store; the second takes over when the first is gone or paused. */
  readonly managers: 1 | 2;
  /** By time. */
  readonly events: readonly StoryEvent[];
}
