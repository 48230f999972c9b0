import { decodeAgentFrame } from "#proto/codec/agent-frames.ts";
import { encodeManagerFrame } from "#proto/codec/manager-frames.ts";
import type { AgentMessage, ManagerMessage, Welcome } from "#proto/messages/frames.ts";
import type { Report } from "#proto/messages/report.ts";
import type { Dictionary } from "#proto/messages/series.ts";
import type { CellId, SessionId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { AcceptPeer, MemoryPeer } from "./memory-link.ts";

/**
 * A manager that does as a test says: welcomes, acknowledges and remembers by default. Hand `accept`
 * to a memory network. Everything an agent sends must decode; what does not is a defect and throws.
 */
export interface ScriptedManager {
  readonly accept: AcceptPeer;
  /** All messages, oldest first, of all connections. */
  readonly heard: AgentMessage[];
  readonly peers: MemoryPeer[];
  /** Reports that were acknowledged, by spool and number. */
  readonly kept: Map<string, Report>;
  readonly dictionaries: Map<string, Dictionary>;
  /** Reports that came before their dictionary. */
  readonly unreadable: Report[];
  duplicates: number;
  /** What the default answers do; change it as the story goes. */
  readonly script: Script;
  say(message: ManagerMessage): void;
  of<Kind extends AgentMessage["kind"]>(
    kind: Kind,
  ): readonly Extract<AgentMessage, { kind: Kind }>[];
}

export interface Script {
  welcomes: boolean;
  acknowledges: boolean;
  acknowledgesState: boolean;
  welcome: Partial<Welcome>;
  /** Answers a hello in place of a welcome. */
  refusal: Extract<ManagerMessage, { kind: "refusal" }>["refusal"] | null;
  nowUnixMs: () => number;
}

export function createScriptedManager(nowUnixMs: () => number): ScriptedManager {
  const manager: ScriptedManager = {
    heard: [],
    peers: [],
    kept: new Map(),
    dictionaries: new Map(),
    unreadable: [],
    duplicates: 0,
    script: {
      welcomes: true,
      acknowledges: true,
      acknowledgesState: true,
      welcome: {},
      refusal: null,
      nowUnixMs,
    },
    say(message) {
      manager.peers.at(-1)?.send(encodeManagerFrame(message));
    },
    of: (kind) =>
      manager.heard.filter(
        (message): message is Extract<AgentMessage, { kind: typeof kind }> => message.kind === kind,
      ),
    accept(peer) {
      manager.peers.push(peer);
      let spool = "";
      return {
        onMessage(bytes) {
          const decoded = decodeAgentFrame(bytes);
          if (!decoded.ok) throw new Error(`the agent sent nonsense: ${JSON.stringify(decoded)}`);
          manager.heard.push(decoded.value);
          if (decoded.value.kind === "hello") spool = decoded.value.hello.spoolId;
          answer(manager, peer, decoded.value, spool);
        },
        onClose() {},
      };
    },
  };
  return manager;
}

function answer(
  manager: ScriptedManager,
  peer: MemoryPeer,
  message: AgentMessage,
  spool: string,
): void {
  const { script } = manager;
  const say = (reply: ManagerMessage): void => peer.send(encodeManagerFrame(reply));
  if (message.kind === "hello") {
    if (script.refusal !== null) {
      say({ kind: "refusal", refusal: script.refusal });
      peer.close(1008, script.refusal.code);
    } else if (script.welcomes) {
      const known = manager.dictionaries.has(message.hello.dictionary);
      say({ kind: "welcome", welcome: welcomeOf(manager, spool, !known) });
    }
  }
  if (message.kind === "dictionary") {
    manager.dictionaries.set(message.dictionary.digest, message.dictionary);
  }
  if (message.kind === "state" && script.acknowledgesState) {
    say({ kind: "state-ack", revision: message.state.revision });
  }
  if (message.kind === "report") {
    const { report } = message;
    if (!manager.dictionaries.has(report.dictionary)) manager.unreadable.push(report);
    if (!script.acknowledges) return;
    const key = `${spool}/${report.seq}`;
    if (manager.kept.has(key)) manager.duplicates += 1;
    manager.kept.set(key, report);
    const ranges = [{ first: report.seq, last: report.seq }];
    say({ kind: "ack", ack: { ranges, reportIntervalMs: null } });
  }
}

function welcomeOf(manager: ScriptedManager, spool: string, needDictionary: boolean): Welcome {
  const seqs = [...manager.kept.keys()]
    .filter((key) => key.startsWith(`${spool}/`))
    .map((key) => Number(key.slice(spool.length + 1)));
  return {
    protocol: 1,
    sessionId:
      `00000000-0000-7000-8000-${String(manager.peers.length).padStart(12, "0")}` as SessionId,
    cell: "na" as CellId,
    managerMs: unixMs(manager.script.nowUnixMs()),
    term: 1,
    reportIntervalMs: 10_000,
    stepMs: 1_000,
    messageBytesMax: 256 * 1024,
    needState: false,
    needDictionary,
    acknowledged: seqs.map((seq) => ({ first: seq, last: seq })),
    certificateChain: [],
    ...manager.script.welcome,
  };
}
