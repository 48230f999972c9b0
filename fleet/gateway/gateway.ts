import type { PeerIdentity, PinnedHost } from "#fleet/identity/host-identity.ts";
import type { CommandOutcome, Hello } from "#proto/messages/frames.ts";
import type { OrderProgress } from "#proto/messages/orders.ts";
import { encodeManagerFrame } from "#proto/codec/manager-frames.ts";
import type { HostId, IncarnationId } from "#proto/vocabulary/ids.ts";
import type { RefusalCode } from "#proto/vocabulary/refusal.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import type { AgentConnection, ConnectionHandlers, Gateway } from "./agent-connection.ts";
import { AgentSession } from "./agent-session.ts";
import { decidePlace, type PlaceVerdict } from "./clone-guard.ts";
import { type CommandAction, type CommandProblem, createCommandQueue } from "./command-queue.ts";
import { openEnrolmentDoor } from "./enrolment-door.ts";
import type { GatewayEffects } from "./gateway-effects.ts";
import { type Goodbye, goodbye } from "./goodbye.ts";
import { createHostGates } from "./host-gate.ts";
import { createInFlight } from "./in-flight.ts";
import { createNetworkCap } from "./network-cap.ts";
import { createRefusalLog } from "./refusal-log.ts";
import { watchRevokedKeys } from "./revoked-keys.ts";
import type { Session, SessionHost } from "./session-host.ts";

/** `Gateway`, and what the rest of the manager asks of it. */
export interface AgentGateway extends Gateway {
  /** Delivered now or when the host comes back, at least once until `validMs` are over. */
  command(
    hostId: HostId,
    action: CommandAction,
    validMs: number,
  ): Promise<Result<CommandOutcome, CommandProblem>>;
  /** Commands that wait and are meant: not sent again, settled as given up. */
  withdraw(hostId: HostId, isMeant: (action: CommandAction) => boolean): void;
  /** Every progress that an agent with an open session tells; listeners never throw. */
  onProgress(listener: ProgressListener): () => void;
  /** Hosts whose identity two machines use. They get no command until the host is enrolled anew. */
  cloneSuspects(): readonly HostId[];
  stats(): GatewayStats;
}

export type ProgressListener = (hostId: HostId, progress: OrderProgress) => void;

export interface GatewayStats {
  /** Connections of agents, known or not yet known. */
  readonly connections: number;
  readonly openSessions: number;
}

/** The session logic, free of sockets: what accepts connections hands them to `accept`. */
export function createGateway(effects: GatewayEffects): AgentGateway {
  const { clock, random, settings, identity, links, log } = effects;
  const cap = createNetworkCap(settings.unauthenticatedPerNetworkMax);
  const refusals = createRefusalLog(clock, log);
  const gates = createHostGates(settings);
  const inFlight = createInFlight(settings.bytesInFlightMax);
  const commands = createCommandQueue({
    clock,
    random,
    term: effects.term,
    perHostMax: settings.commandsPerHostMax,
  });
  const sessions = new Set<Session>();
  /** Sessions by the host whose key they hold, open or about to. */
  const byHost = new Map<HostId, Set<Session>>();
  const hostOf = new Map<Session, HostId>();
  const leaveNetwork = new Map<Session, () => void>();
  const places = new Map<HostId, Session>();
  const states = new Map<HostId, { incarnationId: IncarnationId; revision: number }>();
  const suspects = new Set<HostId>();
  const progressListeners = new Set<ProgressListener>();
  let unpinnings = 0;
  let isStopping = false;

  let dirty = new Set<Session>();
  const flushAcks = (): void => {
    const due = dirty;
    dirty = new Set();
    for (const session of due) session.flushAcks();
  };

  const host: SessionHost = {
    effects,
    commands,
    inFlight,
    authenticate: async (peer: PeerIdentity): Promise<Result<PinnedHost, RefusalCode>> => {
      for (;;) {
        const before = unpinnings;
        const answer = await identity.authenticate(peer);
        if (before === unpinnings) return answer;
      }
    },
    authenticated: (session, hostId) => {
      leaveNetwork.get(session)?.();
      leaveNetwork.delete(session);
      hostOf.set(session, hostId);
      const ofHost = byHost.get(hostId) ?? new Set();
      byHost.set(hostId, ofHost.add(session));
    },
    gate: gates.of,
    takePlace: (session, hello) => takePlace(session, hello),
    isCloneSuspect: (hostId) => suspects.has(hostId),
    hasState: (hostId, incarnationId, revision) => {
      const known = states.get(hostId);
      return known?.incarnationId === incarnationId && known.revision === revision;
    },
    stateKept: (hostId, incarnationId, revision) => {
      states.set(hostId, { incarnationId, revision });
    },
    progressed: (hostId, progress) => {
      for (const listener of progressListeners) listener(hostId, progress);
    },
    acksWait: (session) => {
      if (dirty.size === 0) clock.after(0, flushAcks);
      dirty.add(session);
    },
    gone: (session) => {
      sessions.delete(session);
      dirty.delete(session);
      leaveNetwork.get(session)?.();
      leaveNetwork.delete(session);
      const hostId = hostOf.get(session);
      if (hostId === undefined) return;
      hostOf.delete(session);
      if (places.get(hostId) === session) places.delete(hostId);
      const ofHost = byHost.get(hostId);
      ofHost?.delete(session);
      if (ofHost?.size === 0) byHost.delete(hostId);
    },
  };

  const takePlace = (session: Session, hello: Hello): PlaceVerdict => {
    const { hostId, bootId } = hello;
    const former = places.get(hostId);
    if (former?.bootId != null) {
      const now = clock.nowMonotonicMs();
      const holder = {
        bootId: former.bootId,
        heardMs: former.heardMs,
        doubtedMs: former.doubtedMs,
      };
      const verdict = decidePlace(holder, bootId, now, settings.cloneProofMs);
      if (verdict.kind === "wait") former.doubtedMs ??= now;
      if (verdict.kind === "clone" && !suspects.has(hostId)) {
        suspects.add(hostId);
        log.error(
          { hostId, bootId, formerBootId: former.bootId },
          "two machines use one identity: commands to this host stop; remove the host and enrol the right machine anew",
        );
      }
      if (verdict.kind !== "take") return verdict;
      const message = "a newer connection of this host took its place";
      former.end(goodbye("replaced", message, settings.coolOffMs));
    }
    places.set(hostId, session);
    return { kind: "take" };
  };

  const sendAway = (connection: AgentConnection, why: Goodbye): ConnectionHandlers => {
    connection.send(encodeManagerFrame({ kind: "refusal", refusal: why.refusal }));
    connection.close(why.closeCode, why.refusal.code);
    return { onMessage: () => {}, onClose: () => {} };
  };

  const endRemoved = (session: Session): void => {
    const message = "an operator removed this host";
    session.end(goodbye("identity-removed", message, null));
  };
  const dropHost = (hostId: HostId): void => {
    unpinnings += 1;
    for (const session of [...(byHost.get(hostId) ?? [])]) endRemoved(session);
    commands.giveUp(hostId);
    gates.forget(hostId);
    states.delete(hostId);
    suspects.delete(hostId);
    links.forget(hostId);
  };
  const ends = [
    identity.onRevoked(dropHost),
    // Its keys went with its record.
    effects.events.subscribe((event) => {
      if (event.kind === "host-removed") dropHost(event.hostId);
    }),
    watchRevokedKeys({
      ...effects,
      lookMs: settings.revokedLookMs,
      sessions,
      async onRevoked(session) {
        const hostId = hostOf.get(session);
        endRemoved(session);
        // Where its record went too, everybody here is told.
        if (hostId !== undefined) await effects.inventory.reread(hostId);
      },
    }),
  ];
  const stopListening = (): void => {
    for (const end of ends) end();
  };

  let cancelSweep = (): void => {};
  const endSilent = (): void => {
    const oldest = clock.nowMonotonicMs() - settings.silenceMsMax;
    for (const session of places.values())
      if (session.isOpen && session.heardMs <= oldest)
        session.end(goodbye("overloaded", "nothing was heard for too long", settings.retryMs));
    cancelSweep = clock.after(settings.silenceMsMax / 12, endSilent);
  };
  cancelSweep = clock.after(settings.silenceMsMax / 12, endSilent);

  return {
    accept: (connection) => {
      if (isStopping)
        return sendAway(
          connection,
          goodbye("shutting-down", "the manager is stopping", settings.retryMs),
        );
      const leave = cap.enter(connection.peer.address);
      if (leave === null) {
        const message = "too many peers of this network have not proven who they are";
        return sendAway(connection, goodbye("overloaded", message, settings.coolOffMs));
      }
      if (connection.purpose === "enrol")
        return openEnrolmentDoor(effects, refusals, connection, leave);
      const session = new AgentSession(host, connection);
      sessions.add(session);
      leaveNetwork.set(session, leave);
      void session.authenticate();
      return session;
    },
    command: (hostId, action, validMs) => {
      const { command, outcome } = commands.enqueue(hostId, action, validMs);
      if (command !== null && !suspects.has(hostId)) places.get(hostId)?.command(command);
      return outcome;
    },
    withdraw: commands.withdraw,
    onProgress: (listener) => {
      progressListeners.add(listener);
      return () => void progressListeners.delete(listener);
    },
    cloneSuspects: () => [...suspects],
    stats: () => {
      let openSessions = 0;
      for (const session of sessions) if (session.isOpen) openSessions += 1;
      return { connections: sessions.size, openSessions };
    },
    stop: async (overMs) => {
      isStopping = true;
      cancelSweep();
      let cancelWait = (): void => {};
      const waited = new Promise<void>((resolve) => {
        cancelWait = clock.after(stopWaitMs, resolve);
      });
      stopListening();
      await Promise.race([inFlight.idle(), waited]);
      cancelWait();
      flushAcks();
      for (const session of [...sessions])
        session.end(
          goodbye(
            "shutting-down",
            "the manager is stopping",
            settings.retryMs + Math.floor(random.next() * overMs),
          ),
        );
      commands.stop();
    },
  };
}

/** How long a stop waits for reports that are on their way to the disk. */
const stopWaitMs = 2_000;
