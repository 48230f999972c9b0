import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

/** A real `wws-fleet serve` on a data folder and two neighbouring ports of its own. */
export interface BenchManager {
  /** Where agents connect: `127.0.0.1:PORT`. */
  readonly agents: string;
  pid(): number;
  /** Resolves when it listens. */
  start(): Promise<void>;
  /** SIGTERM, or kill -9; gone when this resolves. */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** Under /api/v1; a body makes it a POST. */
  api<Answer>(path: string, body?: unknown): Promise<Answer>;
  /** One figure of its own, from /metrics; `labels` as they stand there: `{link="lost"}`. */
  ownMetric(name: string, labels?: string): Promise<number>;
}

export async function createBenchManager(
  dataFolder: string,
  environment: Readonly<Record<string, string>>,
): Promise<BenchManager> {
  const port = await findFreePorts();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | null = null;

  const ask = async (path: string, body?: unknown): Promise<Response> => {
    const { token } = JSON.parse(readFileSync(join(dataFolder, "cli.json"), "utf8")) as {
      readonly token: string;
    };
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const isPost = body !== undefined;
    const response = await fetch(url + path, {
      headers,
      ...(isPost ? { method: "POST", body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  };

  return {
    agents: `127.0.0.1:${port + 1}`,
    pid: () => child?.pid ?? 0,
    async start() {
      const started = fork(join(import.meta.dirname, "../../fleet/main.ts"), ["serve"], {
        env: {
          ...withoutOurs(process.env),
          WWS_DATA: dataFolder,
          WWS_PORT: String(port),
          WWS_PROFILE: "lab",
          WWS_LOG_LEVEL: "warn",
          // For cli.json, which lets us in.
          WWS_WITH_THIS_MACHINE: "true",
          ...environment,
        },
        stdio: ["ignore", "pipe", "pipe", "ipc"],
      });
      child = started;
      let output = "";
      for (const stream of [started.stdout, started.stderr]) {
        stream?.on("data", (bytes: Buffer) => {
          output = (output + bytes.toString()).slice(-4_000);
        });
      }
      const died = once(started, "exit").then(([code]): never => {
        throw new Error(`wws-fleet serve ended with ${code}: ${output}`);
      });
      died.catch(() => {});
      await Promise.race([once(started, "message"), died]);
    },
    async end(signal) {
      const running = child;
      child = null;
      if (running === null || running.exitCode !== null) return;
      const gone = once(running, "exit");
      running.kill(signal);
      await gone;
    },
    async api<Answer>(path: string, body?: unknown): Promise<Answer> {
      return (await (await ask(`/api/v1${path}`, body)).json()) as Answer;
    },
    async ownMetric(name, labels = "") {
      const text = await (await ask("/metrics")).text();
      const line = text.split("\n").find((one) => one.startsWith(`${name}${labels} `));
      if (line === undefined) throw new Error(`/metrics has no ${name}${labels}`);
      return Number(line.slice(line.lastIndexOf(" ") + 1));
    },
  };
}

function withoutOurs(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith("WWS_")),
  );
}

/** The first of two neighbours that nobody listens on now. */
async function findFreePorts(): Promise<number> {
  for (;;) {
    const first = await listenOnce(0);
    if (first !== null && first < 65_000 && (await listenOnce(first + 1)) !== null) return first;
  }
}

/** null: somebody has that port. */
function listenOnce(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(null));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      const found = typeof address === "object" && address !== null ? address.port : null;
      server.close(() => resolve(found));
    });
  });
}
