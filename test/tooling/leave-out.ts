import type { Plugin } from "esbuild";
import { repositoryRoot } from "./places.ts";

/**
 * What packages load at their start and an agent never comes to use, each with a part of Node behind
 * it that would stay in memory for good (1 MiB resident, half of it anonymous: docs/limits.md): pino's
 * worker threads (it writes to its own output), ws as a server, compression (no connection of ours
 * agrees on it), assertions. What stands in for them still works, or says what is missing.
 */
const leftOut: readonly { readonly path: RegExp; readonly from: RegExp; readonly text: string }[] =
  [
    {
      path: /^\.\/(?:lib\/)?transport$/,
      from: /node_modules\/pino\//,
      text: `module.exports = () => { throw new Error("this program has no transports of pino's") };`,
    },
    {
      path: /^worker_threads$/,
      from: /node_modules\/pino\//,
      text: "module.exports = { isMainThread: true };",
    },
    {
      path: /^assert$/,
      from: /node_modules\/sonic-boom\//,
      text: `module.exports = (...given) => require("node:assert")(...given);`,
    },
    {
      path: /^zlib$/,
      from: /node_modules\/ws\//,
      text: `module.exports = new Proxy({}, { get: (_, name) => require("node:zlib")[name] });`,
    },
    {
      path: /^ws$/,
      from: /\/agent\//,
      text: `exports.WebSocket = require("./node_modules/ws/lib/websocket.js");`,
    },
  ];

export const leaveOut: Plugin = {
  name: "leave-out",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path, importer }) => {
      const found = leftOut.findIndex((one) => one.path.test(path) && one.from.test(importer));
      return found < 0 ? null : { path: String(found), namespace: "left-out" };
    });
    onLoad({ filter: /./, namespace: "left-out" }, ({ path }) => ({
      contents: leftOut[Number(path)]?.text ?? "",
      loader: "js",
      resolveDir: repositoryRoot,
    }));
  },
};
