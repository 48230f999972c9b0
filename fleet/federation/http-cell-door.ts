import { request as httpRequest, Agent as HttpAgent, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { type CellDoor, CellError } from "./cell-door.ts";
import { federationLimits } from "./federation-limits.ts";

/**
 * A cell's manager over HTTP or HTTPS. The token goes to this origin only: a redirect is an error.
 * `ca` is PEM of who may have signed the cell's certificate; null: the system's list.
 */
export function createHttpCellDoor(settings: {
  readonly url: string;
  readonly token: string;
  readonly ca: string | null;
}): CellDoor & { close(): void } {
  const { url, token, ca } = settings;
  const isEncrypted = url.startsWith("https:");
  const options = {
    keepAlive: true,
    maxSockets: federationLimits.asksAtOnceMax * 2,
    maxFreeSockets: 2,
  };
  const agent = isEncrypted
    ? new HttpsAgent({ ...options, minVersion: "TLSv1.3", ...(ca === null ? {} : { ca }) })
    : new HttpAgent(options);
  // Streams stay open: they must not take the places of questions.
  const streamAgent = isEncrypted
    ? new HttpsAgent({ minVersion: "TLSv1.3", ...(ca === null ? {} : { ca }) })
    : new HttpAgent();

  const open = (
    path: string,
    ask: {
      readonly agent: HttpAgent;
      readonly headers: Readonly<Record<string, string>>;
      readonly signal: AbortSignal;
    },
  ): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const send = isEncrypted ? httpsRequest : httpRequest;
      const asked = send(
        `${url}${path}`,
        {
          method: "GET",
          agent: ask.agent,
          signal: ask.signal,
          headers: {
            authorization: `Bearer ${token}`,
            "accept-encoding": "identity",
            ...ask.headers,
          },
        },
        resolve,
      );
      asked.once("error", (cause) => reject(explainFailure(url, cause)));
      asked.end();
    });

  return {
    async get(path, { bytesMax, signal }) {
      const headers = { accept: "application/json" };
      const answer = await open(path, { agent, headers, signal });
      return {
        status: answer.statusCode ?? 0,
        body: await readWhole(answer, url, bytesMax),
      };
    },
    async *stream(path, { lastEventId, signal }) {
      const headers = {
        accept: "text/event-stream",
        ...(lastEventId === null ? {} : { "last-event-id": lastEventId }),
      };
      const answer = await open(path, { agent: streamAgent, headers, signal });
      const type = answer.headers["content-type"] ?? "";
      if (answer.statusCode !== 200 || !type.startsWith("text/event-stream")) {
        answer.destroy();
        throw new CellError("refused", `${url} opened no event stream`, {
          status: answer.statusCode ?? 0,
        });
      }
      answer.setEncoding("utf8");
      try {
        for await (const text of answer) yield String(text);
      } catch (cause) {
        throw explainFailure(url, cause);
      }
    },
    close() {
      agent.destroy();
      streamAgent.destroy();
    },
  };
}

async function readWhole(answer: IncomingMessage, url: string, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of answer) {
      const bytes = Buffer.from(chunk as Uint8Array);
      size += bytes.length;
      if (size > bytesMax) {
        answer.destroy();
        throw new CellError("foreign", `${url} answered with more than ${bytesMax} bytes`);
      }
      chunks.push(bytes);
    }
  } catch (cause) {
    throw cause instanceof CellError ? cause : explainFailure(url, cause);
  }
  return Buffer.concat(chunks, size).toString("utf8");
}

const hints: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there: is the manager running, and is that its console's address?",
  ENOTFOUND: "that name is not known here: is the address right?",
  EAI_AGAIN: "the name could not be looked up: is the name server reachable?",
  EHOSTUNREACH: "no way leads there from this machine",
  ENETUNREACH: "no way leads there from this machine",
  ECONNRESET: "the connection broke off",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name: use a name that stands in it",
  CERT_HAS_EXPIRED: "its certificate has expired",
  EPROTO: "it does not speak TLS 1.3 there: is the address https where it should be http?",
};

const untrusted = new Set([
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
]);

function explainFailure(url: string, cause: unknown): CellError {
  const code =
    cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
  const words = untrusted.has(code)
    ? "its certificate is signed by nobody who is trusted here: name the CA's file (ca_file)"
    : (hints[code] ?? (cause instanceof Error ? cause.message : "the connection failed"));
  return new CellError("unreachable", `${url}: ${words}${code === "" ? "" : ` (${code})`}`, {
    cause,
  });
}
