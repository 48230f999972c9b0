import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { openUdpChannel } from "./ipmi/datagram-channel.ts";
import { IpmiError } from "./ipmi/ipmi-error.ts";
import { openIpmiSession } from "./ipmi/ipmi-session.ts";
import { type IpmiFacts, readController } from "./ipmi/read-controller.ts";
import { makeReport } from "./make-report.ts";
import { type ProbeRecording, parseRecording, writeRecording } from "./probe-recording.ts";
import type { ProbeReport, ProtocolOutcome } from "./probe-report.ts";
import { crawl, CrawlError } from "./redfish/crawl.ts";
import { readRedfish } from "./redfish/read-redfish.ts";
import { openRedfishDoor, type SeenCertificate } from "./redfish/redfish-door.ts";
import type { RedfishAnswer } from "./redfish/redfish-facts.ts";
import { type IpmiExchange, RecordingAsk, ReplayAsk } from "./transcript.ts";

export interface ProbeRequest {
  readonly address: string;
  readonly protocol: "ipmi" | "redfish" | "both";
  readonly ipmiPort: number;
  readonly redfishPort: number;
  readonly user: string;
  readonly password: string;
  /** For a first packet of IPMI; each repeat waits half as long again. */
  readonly packetTimeoutMs: number;
  /** For one answer over HTTPS. */
  readonly httpTimeoutMs: number;
  /** Between two commands of IPMI. */
  readonly paceMs: number;
}

export interface ProbeEffects {
  readonly clock: Clock;
  readonly random: Random;
  /** Ends the probe; sessions are closed all the same. */
  readonly signal: AbortSignal;
  readonly progress: (what: string) => void;
}

export interface Probed {
  readonly report: ProbeReport;
  /** The files of a recording without names, by path; throws LeakError where one is left. */
  record(): ReadonlyMap<string, string>;
}

const packetTries = 3;

/**
 * Asks one controller over both protocols, one after the other, and changes nothing. A protocol that
 * cannot be reached is an outcome, not an error. Rejects only with the signal's reason.
 */
export async function probe(request: ProbeRequest, effects: ProbeEffects): Promise<Probed> {
  const probedAtMs = effects.clock.nowUnixMs();
  const ipmi = request.protocol === "redfish" ? notAsked : await probeIpmi(request, effects);
  effects.signal.throwIfAborted();
  const redfish = request.protocol === "ipmi" ? notAskedHttp : await probeRedfish(request, effects);
  effects.signal.throwIfAborted();
  const report = makeReport({
    probedAtMs,
    ipmi: ipmi.facts,
    redfish: redfish.answers === null ? null : readRedfish(redfish.answers),
    suiteUsed: ipmi.suiteUsed,
    certificate: redfish.certificate,
    ipmiOutcome: ipmi.outcome,
    redfishOutcome: redfish.outcome,
  });
  const secrets = [request.password, request.user, request.address];
  return {
    report,
    record: () =>
      writeRecording(
        {
          probedAtMs,
          suiteUsed: ipmi.suiteUsed,
          exchanges: ipmi.exchanges,
          answers: redfish.answers,
          ipmiOutcome: ipmi.outcome,
          redfishOutcome: redfish.outcome,
        },
        { secrets, random: effects.random },
      ),
  };
}

/** The report of a recording: its three files, by name. Throws RecordingError. */
export async function replayProbe(files: ReadonlyMap<string, string>): Promise<ProbeReport> {
  const recording: ProbeRecording = parseRecording(files);
  const { exchanges, answers } = recording;
  return makeReport({
    probedAtMs: recording.probedAtMs,
    ipmi: exchanges === null ? null : await readController(new ReplayAsk(exchanges), () => {}),
    redfish: answers === null ? null : readRedfish(answers),
    suiteUsed: recording.suiteUsed,
    certificate: null,
    ipmiOutcome: recording.ipmiOutcome,
    redfishOutcome: recording.redfishOutcome,
  });
}

interface IpmiProbed {
  readonly outcome: ProtocolOutcome;
  readonly facts: IpmiFacts | null;
  readonly exchanges: readonly IpmiExchange[] | null;
  readonly suiteUsed: number | null;
}

const notAsked: IpmiProbed = {
  outcome: { outcome: "not-asked" },
  facts: null,
  exchanges: null,
  suiteUsed: null,
};

async function probeIpmi(request: ProbeRequest, effects: ProbeEffects): Promise<IpmiProbed> {
  const { clock, random, signal } = effects;
  const where = `${request.address} port ${request.ipmiPort}/udp`;
  effects.progress(`IPMI: ${where}`);
  try {
    const channel = await openUdpChannel(request.address, request.ipmiPort);
    try {
      const session = await openIpmiSession(
        { channel, clock, random },
        {
          user: request.user,
          password: request.password,
          limits: { timeoutMs: request.packetTimeoutMs, tries: packetTries },
          paceMs: request.paceMs,
          signal,
        },
      );
      try {
        const ask = new RecordingAsk(session);
        const facts = await readController(ask, (what) => effects.progress(`IPMI: ${what}`));
        return {
          outcome: { outcome: "ok", detail: `cipher suite ${session.suite}` },
          facts,
          exchanges: ask.exchanges,
          suiteUsed: session.suite,
        };
      } finally {
        await session.close();
      }
    } finally {
      channel.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    return { ...notAsked, outcome: outcomeOfIpmi(error, where) };
  }
}

function outcomeOfIpmi(error: unknown, where: string): ProtocolOutcome {
  const detail = `${where}: ${error instanceof Error ? error.message : String(error)}`;
  if (!(error instanceof IpmiError)) return { outcome: "unreachable", detail };
  if (error.code === "protocol" || error.code === "closed") return { outcome: "failed", detail };
  return { outcome: error.code, detail };
}

interface RedfishProbed {
  readonly outcome: ProtocolOutcome;
  readonly answers: readonly RedfishAnswer[] | null;
  readonly certificate: SeenCertificate | null;
}

const notAskedHttp: RedfishProbed = {
  outcome: { outcome: "not-asked" },
  answers: null,
  certificate: null,
};

async function probeRedfish(request: ProbeRequest, effects: ProbeEffects): Promise<RedfishProbed> {
  const where = `https://${request.address}:${request.redfishPort}`;
  effects.progress(`Redfish: ${where}`);
  const door = openRedfishDoor({
    address: request.address,
    port: request.redfishPort,
    user: request.user,
    password: request.password,
    timeoutMs: request.httpTimeoutMs,
    clock: effects.clock,
  });
  try {
    const { answers, troubles } = await crawl(door, effects);
    const detail = [`${answers.length} resources`, ...troubles.slice(0, 5)].join("; ");
    return { outcome: { outcome: "ok", detail }, answers, certificate: door.certificate() };
  } catch (error) {
    effects.signal.throwIfAborted();
    const detail = `${where}: ${error instanceof Error ? error.message : String(error)}`;
    const code = error instanceof CrawlError ? error.code : "failed";
    const outcome = code === "not-redfish" || code === "busy" ? "refused" : code;
    return {
      outcome: { outcome, detail },
      answers: null,
      certificate: door.certificate(),
    };
  } finally {
    door.close();
  }
}
