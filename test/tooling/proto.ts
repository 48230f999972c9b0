/** Makes proto/generated/wire.js and wire.d.ts, one static module, from every proto/schema/*.proto. */
import { existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { generatedModule, repositoryRoot, schemaFolder } from "./places.ts";
import { runTool } from "./run-tool.ts";

/**
 * The static module has no reflection and no `new Function`. 64-bit fields become numbers: every
 * quantity on the wire stays below 2^53, which the checks in proto/messages hold.
 */
const flags = ["--target", "static-module", "--wrap", "esm", "--force-number", "--dts"];
const withoutUnused = [
  "--no-verify",
  "--no-convert",
  "--no-delimited",
  "--no-typeurl",
  "--no-service",
];

export async function buildProto(): Promise<void> {
  const schemas = existsSync(schemaFolder)
    ? readdirSync(schemaFolder).filter((name) => name.endsWith(".proto"))
    : [];
  schemas.sort();
  if (schemas.length === 0) {
    process.stderr.write("proto: proto/schema holds no .proto file, so nothing was generated\n");
    return;
  }
  mkdirSync(dirname(generatedModule), { recursive: true });
  const unfinished = join(dirname(generatedModule), `unfinished-${process.pid}.js`);
  await runTool("pbjs", [
    ...flags,
    ...withoutUnused,
    "--dependency",
    "protobufjs/minimal.js",
    "--path",
    schemaFolder,
    "--out",
    unfinished,
    ...schemas.map((name) => join(schemaFolder, name)),
  ]);
  renameSync(unfinished.replace(/\.js$/, ".d.ts"), generatedModule.replace(/\.js$/, ".d.ts"));
  renameSync(unfinished, generatedModule);
  process.stderr.write(`proto: ${generatedModule.slice(repositoryRoot.length + 1)} is built\n`);
}

if (import.meta.main) {
  await buildProto();
}
