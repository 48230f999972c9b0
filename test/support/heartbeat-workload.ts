import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "./programs.ts";

/**
 * A real workload: a process that appends to a file ten times a second, and the hook by which an
 * agent lists it, stops it and starts it again. It ends when its folder goes.
 */
export interface HeartbeatWorkload {
  /** How often it has beaten. */
  beats(): number;
  /** Resolves when it beats, seen in its file. */
  awaitBeating(): Promise<void>;
  /** Whether it has not beaten for a second, seen in its file. */
  isSilent(): Promise<boolean>;
  /** It does not stop when it is asked to, only when it is forced. */
  refuse(refuses: boolean): void;
  end(): void;
}

/** `hooks`: the agent's hook folder, which is made. */
export function startHeartbeat(folder: string, hooks: string): HeartbeatWorkload {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  mkdirSync(hooks, { recursive: true, mode: 0o755 });
  const path = (name: string): string => join(folder, name);
  const [heartbeat, stop, stubborn, program] = [
    path("heartbeat"),
    path("stop"),
    path("stubborn"),
    path("beat.sh"),
  ];
  writeFileSync(heartbeat, "");
  writeFileSync(program, programText, { mode: 0o755 });
  writeFileSync(join(hooks, "beat"), hookText(folder), { mode: 0o755 });
  spawn(program, [folder], { detached: true, stdio: "ignore" }).unref();

  const beats = (): number => readFileSync(heartbeat).length;
  return {
    beats,
    async awaitBeating() {
      const before = beats();
      await until("the workload beats", () => (beats() > before ? true : undefined), 10_000);
    },
    async isSilent() {
      const before = beats();
      const endMs = performance.now() + 1_000;
      await until("a second passes", () => (performance.now() >= endMs ? true : undefined));
      return beats() === before;
    },
    refuse(refuses) {
      if (refuses) writeFileSync(stubborn, "");
      else rmSync(stubborn, { force: true });
    },
    end() {
      rmSync(stubborn, { force: true });
      if (existsSync(folder)) writeFileSync(stop, "");
    },
  };
}

const programText = `#!/bin/sh
cd "$1" || exit 1
rm -f stop
touch running
while [ -e running ] && { [ ! -e stop ] || [ -e stubborn ]; }; do
  printf . >> heartbeat
  sleep 0.1
done
rm -f running
`;

/** As docs/operating/drain-on-the-host.md tells it: the verb is the argument, what is said stands on stdin. */
const hookText = (folder: string): string => `#!/bin/sh
cd '${folder}' || exit 1
said=$(cat)
case $1 in
  list)
    if [ -e running ]; then echo '{"workloads":[{"name":"job","state":"running","detail":"beats"}]}'
    else echo '{"workloads":[]}'; fi ;;
  evacuate)
    case $said in *'"force":true'*) rm -f stubborn ;; esac
    touch stop ;;
  release)
    case $said in *'"restart":true'*) setsid '${folder}/beat.sh' '${folder}' > /dev/null 2>&1 & ;; esac ;;
esac
exit 0
`;
