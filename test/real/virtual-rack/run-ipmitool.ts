import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { VirtualServer } from "./virtual-server.ts";

const msMax = 20_000;

/** Debian's ipmitool, which judges our controller by itself; the password is in no argument. */
export async function runIpmitool(server: VirtualServer, ...words: string[]): Promise<string> {
  const { address, ipmi, user, password } = server.bmc;
  const door = ["-I", "lanplus", "-C", "17", "-L", "OPERATOR", "-N", "1", "-R", "2"];
  const who = ["-H", address, "-p", String(ipmi.port), "-U", user, "-E"];
  const { stdout } = await promisify(execFile)("ipmitool", [...door, ...who, ...words], {
    env: { ...process.env, IPMI_PASSWORD: password },
    timeout: msMax,
  });
  return stdout;
}
