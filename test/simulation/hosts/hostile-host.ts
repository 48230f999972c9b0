import type { LinkTransport } from "#agent/link/transport.ts";
import { managerUrl, sessionPath } from "#agent/link/manager-address.ts";
import { encodeAgentFrame } from "#proto/codec/agent-frames.ts";
import { decodeManagerFrame } from "#proto/codec/manager-frames.ts";
import type { AgentMessage, Hello } from "#proto/messages/frames.ts";
import { unknownIdentity } from "#proto/messages/state.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import {
  type DictionaryDigest,
  type HostId,
  type IncarnationId,
  newUuidV7,
  type OperationId,
  type SpoolId,
} from "#proto/vocabulary/ids.ts";
import { monotonicMs, unixMs } from "#proto/vocabulary/units.ts";
import { protocolVersion } from "#proto/vocabulary/wire-limits.ts";
import type { SeededRandom } from "#test/support/seeded-random.ts";
import type { LiveAgent } from "./live-agent.ts";

/** Nothing but a hostile host ever says this. */
export const hostileWord = "<script>alert('HOSTILE')</script>'; drop table hosts; --";

/** Whom a hostile host speaks of, as far as it can know. */
export interface Victim {
  readonly hostId: HostId;
  readonly serial: string;
  /** Of its open operation, if it has one. */
  readonly operation: { readonly id: OperationId; readonly epoch: number } | null;
  /** Commands that wait for its answer. */
  readonly commandIds: readonly string[];
}

/**
 * A host whose key is in the wrong hands: with it somebody says what no agent says. First as another
 * host; then as itself, with a term that nobody led in, the serial of the other, the other's progress
 * and outcomes, and words that are code elsewhere.
 */
export function speakHostile(parts: {
  readonly host: LiveAgent;
  readonly transport: LinkTransport;
  readonly clock: Clock;
  readonly random: SeededRandom;
  readonly victim: Victim;
  /** A manager took it for the host whose key it has. */
  readonly onWelcome: () => void;
}): void {
  const { host, clock, random, victim } = parts;
  const facts = host.facts();
  if (facts?.identity == null || facts.manager === null) return;
  const { identity, manager } = facts;
  const nowMs = clock.nowUnixMs();
  const hello = (said: Partial<Hello>): AgentMessage => ({
    kind: "hello",
    hello: {
      protocol: protocolVersion.current,
      protocolOldest: protocolVersion.oldest,
      agentRelease: hostileWord,
      hostId: identity.hostId,
      bootId: host.bootId(),
      incarnationId: newUuidV7<IncarnationId>(nowMs, random),
      spoolId: newUuidV7<SpoolId>(nowMs, random),
      nextSeq: 1,
      wallMs: nowMs,
      monotonicMs: monotonicMs(Math.floor(clock.nowMonotonicMs())),
      simulated: true,
      stateRevision: 1,
      dictionary: "0".repeat(64) as DictionaryDigest,
      term: 900_000,
      ...said,
    },
  });
  const lies: readonly AgentMessage[] = [
    {
      kind: "state",
      state: {
        revision: nowMs + 1_000_000,
        observedMs: nowMs,
        identity: {
          ...unknownIdentity,
          hostname: hostileWord,
          product: hostileWord,
          serial: victim.serial,
        },
        collectors: [],
        absences: [],
        powerSource: null,
        boot: null,
      },
    },
    ...victim.commandIds.map(
      (commandId): AgentMessage => ({
        kind: "outcome",
        outcome: {
          commandId,
          result: "done",
          detail: hostileWord,
          evidence: {
            epoch: 1_000_000,
            isFenced: true,
            workloads: [],
            tenantMounts: [],
            unasked: [],
            observedMs: nowMs,
          },
        },
      }),
    ),
    ...(victim.operation === null
      ? []
      : [
          {
            kind: "order-progress",
            progress: {
              operationId: victim.operation.id,
              epoch: victim.operation.epoch,
              state: "ended",
              workloads: [{ name: hostileWord, state: "stuck", detail: hostileWord }],
              observedMs: unixMs(nowMs),
            },
          } as const,
        ]),
  ];
  const say = (first: AgentMessage, then: readonly AgentMessage[]): void => {
    const connection = parts.transport.connect(
      {
        url: managerUrl(manager, sessionPath),
        credentials: {
          privateKeyPem: facts.privateKeyPem,
          certificateChainPem: identity.certificateChainPem,
          caPem: identity.caPem,
          caKeySha256: null,
        },
      },
      {
        onOpen() {
          connection.send(encodeAgentFrame(first));
          clock.after(2_000, () => {
            for (const message of then) connection.send(encodeAgentFrame(message));
          });
          clock.after(20_000, () => connection.close(1000, "said"));
        },
        onMessage(bytes) {
          const frame = decodeManagerFrame(bytes);
          if (frame.ok && frame.value.kind === "welcome") parts.onWelcome();
        },
        onClose: () => {},
      },
    );
  };
  say(hello({ hostId: victim.hostId }), lies);
  clock.after(10_000, () => say(hello({}), lies));
}
