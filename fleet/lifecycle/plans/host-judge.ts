import type { CancelTimer, Clock } from "#proto/vocabulary/clock.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { PlanJudgement } from "../lifecycle.ts";
import type { PlanKind } from "../plan.ts";
import { carriedOut } from "../verbs.ts";
import type { Why } from "../why.ts";
import type { StartGate } from "./start-gate.ts";

export interface HostJudgeEffects {
  readonly look: StartGate["look"];
  readonly waitsOf: (hostId: HostId) => readonly { readonly why: readonly Why[] }[];
  readonly clock: Clock;
}

/** Many hosts may be explained one after the other: the fleet is counted once for all of them. */
const lookMs = 1_000;

const kinds = carriedOut satisfies readonly PlanKind[];

/** Judges hosts for people who look, not for what begins: that counts inside its own turn. */
export function createHostJudge({ look, waitsOf, clock }: HostJudgeEffects): {
  judge(hostId: HostId): Promise<PlanJudgement>;
  /** What was counted is old. */
  forget(): void;
} {
  let looked: ReturnType<StartGate["look"]> | undefined;
  let cancelForget: CancelTimer = () => {};
  const forget = (): void => {
    cancelForget();
    looked = undefined;
  };
  const lookAgain = (): ReturnType<StartGate["look"]> => {
    const looking = look();
    looked = looking;
    cancelForget();
    cancelForget = clock.after(lookMs, forget);
    // A look that failed is not kept; who asked hears of it.
    looking.catch(() => {
      if (looked === looking) forget();
    });
    return looking;
  };

  return {
    async judge(hostId) {
      const { index, whyNot } = await (looked ?? lookAgain());
      const host = index.hosts.get(hostId);
      const running = index.operationByHost.get(hostId)?.kind;
      return {
        waits: waitsOf(hostId).flatMap(({ why }) => why),
        verbs: new Map(
          host === undefined
            ? []
            : kinds.map((kind) => [kind, kind === running ? [] : whyNot(host, kind)]),
        ),
      };
    },
    forget,
  };
}
