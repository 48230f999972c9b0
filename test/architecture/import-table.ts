/**
 * Who may import whom, as data: the table of ARCHITECTURE.md, with the npm packages and Node
 * built-ins each module may use. A module is a folder of agent/, fleet/ or proto/, or one of their
 * root files. Every module may import proto/vocabulary and itself; what is not listed is refused.
 */
export type ModuleRule = {
  /**
   * What the module does to the world. "none" is checked: no clock, timers, process, network or
   * random source. Anything else is told in words, and still no clock or random source that is not
   * granted below.
   */
  readonly effects: "none" | (string & {});
  readonly modules?: readonly (string | PartOfModule)[];
  readonly npm?: readonly (string | { readonly name: string; readonly only: "types" })[];
  readonly node?: readonly string[];
  /** Globals beyond those every module may use, of those named in `guardedGlobals`. */
  readonly globals?: readonly GuardedGlobal[];
};

/** Types from anywhere in the module, and values only from the files and folders named. */
export type PartOfModule = { readonly module: string; readonly valuesFrom: readonly string[] };

const typesOf = (module: string): PartOfModule => ({ module, valuesFrom: [] });
const portOf = (module: string, ...valuesFrom: string[]): PartOfModule => ({ module, valuesFrom });

/** What makes a run differ from its replay; handed in by the two main.ts. */
export const guardedGlobals = [
  "AbortSignal.timeout",
  "BroadcastChannel",
  "Date",
  "EventSource",
  "Function",
  "Math.random",
  "MessageChannel",
  "Temporal",
  "WebSocket",
  "Worker",
  "XMLHttpRequest",
  "clearImmediate",
  "clearInterval",
  "clearTimeout",
  "crypto",
  "document",
  "eval",
  "fetch",
  "global",
  "globalThis",
  "localStorage",
  "navigator",
  "performance",
  "process",
  "queueMicrotask",
  "require",
  "self",
  "sessionStorage",
  "setImmediate",
  "setInterval",
  "setTimeout",
  "window",
] as const;
export type GuardedGlobal = (typeof guardedGlobals)[number];

/** Built-ins that only compute; free to every module that is not marked "none". */
export const computingBuiltins = [
  "node:buffer",
  "node:crypto",
  "node:events",
  "node:path",
  "node:stream",
  "node:string_decoder",
  "node:url",
  "node:util",
  "node:zlib",
] as const;

/** Hashing, signing and reading keys count as pure; making keys and drawing random bytes do not. */
export const pureCrypto = [
  "KeyObject",
  "X509Certificate",
  "createHash",
  "createHmac",
  "createPrivateKey",
  "createPublicKey",
  "createSecretKey",
  "hash",
  "sign",
  "timingSafeEqual",
  "verify",
] as const;

const files = ["node:fs", "node:fs/promises"] as const;
const clock = ["Date", "performance", "setTimeout", "clearTimeout", "setInterval", "clearInterval"];
const clockGlobals = [...clock, "setImmediate", "clearImmediate"] as GuardedGlobal[];
const wholeProcess: readonly GuardedGlobal[] = [
  "process",
  ...clockGlobals,
  "Math.random",
  "crypto",
];
const browser: readonly GuardedGlobal[] = [
  ...clockGlobals,
  "EventSource",
  "document",
  "fetch",
  "localStorage",
  "navigator",
  "sessionStorage",
  "window",
];

const pureFleet = [
  "proto/messages",
  "fleet/inventory",
  "fleet/telemetry",
  "fleet/health",
  "fleet/lifecycle",
  "fleet/tenancy",
  "fleet/reports",
  "fleet/alerts",
] as const;

export const importTable: Readonly<Record<string, ModuleRule>> = {
  "proto/vocabulary": { effects: "none" },
  "proto/messages": { effects: "none" },
  // Recordings of hosts and of BMCs lose their names by the same rules.
  "proto/scrub": { effects: "none" },
  // Agents write one for themselves before they have any, managers write all others.
  "proto/certificate": { effects: "none" },
  // Leave to erase: made and signed on one side, verified on the other.
  "proto/token": { effects: "none", modules: ["proto/messages"], node: ["node:crypto"] },
  "proto/codec": {
    effects: "none",
    modules: ["proto/messages", "proto/generated"],
    npm: ["protobufjs"],
  },

  "agent/config": { effects: "reads one file", node: files },
  "agent/hardware": {
    effects: "reads the machine, runs tools that only look",
    modules: ["proto/scrub"],
    node: [...files, "node:child_process", "node:os"],
    npm: ["systeminformation"],
    // A looking tool that hangs is ended by the system's clock, and runs in a process of its own.
    globals: ["process", "setTimeout", "clearTimeout"],
  },
  "agent/collectors": {
    effects: "none",
    modules: [portOf("agent/hardware", "hardware-source.ts"), "proto/messages"],
  },
  // A column is packed where it is built, once: what waits in the ring is already bytes.
  "agent/report": {
    effects: "none",
    // Many subjects know of one part: whose word counts is the collectors' business.
    modules: [portOf("agent/collectors", "parts-merge.ts"), "proto/messages", "proto/codec"],
  },
  "agent/link": {
    effects: "socket",
    modules: ["proto/messages", "proto/codec", "proto/certificate"],
    npm: ["ws"],
    node: ["node:http", "node:https", "node:net", "node:tls"],
    // The class of the package ws, not the browser's.
    globals: ["WebSocket"],
  },
  "agent/enrolment": {
    effects: "makes the host's key; speaks through the link's transport",
    modules: ["proto/messages", "proto/codec", "proto/certificate", "agent/journal", "agent/link"],
  },
  // What a host was ordered is kept in the words of the order.
  "agent/journal": { effects: "two small files", modules: ["proto/messages"], node: files },
  "agent/commands": {
    effects: "acts on the host: units and hooks, their bars, the hold file",
    modules: ["proto/messages", "agent/journal"],
    node: [...files, "node:child_process"],
    // A hook that hangs is ended by the system's clock, with all of its process group.
    globals: ["process", "setTimeout", "clearTimeout"],
  },
  "agent/imaging": {
    effects: "acts on disks, only with a token",
    modules: ["agent/hardware", typesOf("agent/commands"), "proto/messages"],
    node: [...files, "node:child_process"],
  },
  // Addresses are told apart by Node's own isIP.
  "agent/first-boot": { effects: "only through the port it declares", node: ["node:net"] },
  // What runs in the imaging OS: a program apart from the agent, with its own main.ts.
  "agent/imaging-program": {
    effects: "asks for orders over HTTP, shows on the machine's consoles what goes on",
    modules: [
      "agent/imaging",
      "agent/hardware",
      "agent/release.ts",
      portOf("agent/program", "system-effects.ts"),
      "proto/messages",
      "proto/codec",
    ],
    node: [...files, "node:http", "node:https", "node:os", "node:readline"],
    globals: wholeProcess,
  },
  // Its main.ts has a clock and a process of its own: it is a program apart from the agent.
  "agent/looker": {
    effects: "looks, as root; opens energy counters to the agent's group",
    modules: ["agent/hardware", typesOf("agent/commands"), "proto/messages"],
    node: [...files, "node:child_process", "node:net"],
    globals: wholeProcess,
  },
  // Its main.ts is a program apart from the agent, too. It acts as the agent as root does, behind a
  // door whose frames are the looker's; what root allows stands in the agent's own settings file.
  "agent/hands": {
    effects: "acts on the host as root, by a closed list; remembers what it did in one small file",
    modules: [
      "agent/commands",
      portOf("agent/config", "agent-config.ts"),
      portOf("agent/journal", "write-whole.ts"),
      portOf("agent/looker", "frame.ts"),
      "proto/messages",
    ],
    node: [...files, "node:child_process", "node:net"],
    globals: wholeProcess,
  },
  "agent/inspect": {
    effects: "none: looks through the door it is given; recordings are written by agent/hardware",
    modules: ["agent/hardware", "agent/collectors", "proto/messages"],
  },
  "agent/replay": {
    effects: "process, signals, clock, random: the demo's simulated hosts",
    modules: ["agent/*", "proto/*"],
    npm: ["pino"],
    node: ["node:*"],
    globals: wholeProcess,
  },
  "agent/agent.ts": { effects: "every effect handed in", modules: ["agent/*", "proto/*"] },
  "agent/release.ts": { effects: "none" },
  "agent/program": {
    effects: "what main.ts does, a file a command: clock, random, lock, status, terminal",
    modules: ["agent/*", "proto/*"],
    // The programs that a first start runs: ip, hostname.
    node: [...files, "node:child_process", "node:os"],
    globals: wholeProcess,
  },
  "agent/main.ts": {
    effects: "process, signals, clock, random",
    modules: ["agent/*", "proto/*"],
    npm: ["pino", "ws", "systeminformation"],
    node: ["node:*"],
    globals: wholeProcess,
  },

  // Budgets may only be made stricter than the compiled ones: it asks there. Words of a policy too.
  "fleet/config": {
    effects: "reads one file",
    modules: [
      portOf("fleet/lifecycle", "plans/budget-limits.ts", "fault-policy.ts"),
      portOf("fleet/alerts", "alert.ts", "sign-webhook.ts"),
      // Whether a schedule is ever due is asked where it is read.
      portOf("fleet/reports", "report-schedule.ts"),
    ],
    npm: ["smol-toml"],
    node: files,
  },
  "fleet/inventory": { effects: "none", modules: ["proto/messages"] },
  // Decoding columns when somebody asks is what the store is for; compression is only computing.
  "fleet/telemetry": {
    effects: "none",
    modules: ["proto/messages", "proto/codec"],
    node: ["node:zlib"],
  },
  // A host that is enrolled stands in the inventory from that moment.
  "fleet/identity": {
    effects: "none",
    // Which serial and BMC a machine has is read in one way for hosts and for those that wait.
    modules: ["proto/messages", "proto/certificate", portOf("fleet/inventory", "serial.ts")],
  },
  "fleet/audit": { effects: "none", modules: ["proto/messages"] },
  // Each change of a lease carries its entry in the audit.
  "fleet/tenancy": { effects: "none", modules: ["fleet/inventory", typesOf("fleet/audit")] },
  "fleet/health": {
    effects: "none",
    modules: ["proto/messages", "fleet/inventory", "fleet/telemetry"],
  },
  "fleet/lifecycle": {
    effects: "none",
    // Each change of state carries its entry in the audit.
    modules: ["fleet/inventory", "fleet/health", "fleet/tenancy", typesOf("fleet/audit")],
  },
  // What becomes an alert is judged from what the others know; what a person does is in the audit.
  "fleet/alerts": {
    effects: "none",
    modules: ["fleet/inventory", "fleet/health", "fleet/lifecycle", typesOf("fleet/audit")],
  },
  // The mail library and the post of alerts; which address, is configured.
  "fleet/notify": {
    effects: "HTTP, SMTP",
    modules: ["fleet/alerts", typesOf("fleet/config")],
    npm: ["nodemailer"],
    // fetch is handed in, and named as a type; times come and go as text in headers and mails.
    globals: ["Date", "fetch"],
  },
  "fleet/executor": {
    effects: "only through ports it declares",
    modules: [
      "fleet/lifecycle",
      "fleet/tenancy",
      "fleet/inventory",
      // A quarantined host is cleared only when its health says that the cause is gone.
      typesOf("fleet/health"),
      typesOf("fleet/audit"),
      "proto/messages",
    ],
  },
  "fleet/gateway": {
    effects: "socket",
    modules: [
      "proto/messages",
      "proto/codec",
      "fleet/inventory",
      "fleet/telemetry",
      typesOf("fleet/executor"),
      typesOf("fleet/identity"),
    ],
    npm: ["ws"],
    node: ["node:http", "node:https", "node:net", "node:tls"],
  },
  "fleet/bmc": {
    effects: "HTTP, IPMI",
    modules: [
      "proto/scrub",
      typesOf("fleet/executor"),
      typesOf("fleet/inventory"),
      portOf("fleet/boot-loop", "boot-wish.ts", "bmc-driver.ts"),
    ],
    node: ["node:https", "node:http", "node:dgram", "node:net", "node:tls", "node:child_process"],
  },
  // What a host shall start from, what it really started from, and what is tried next.
  "fleet/boot-loop": {
    effects: "none",
    modules: [typesOf("fleet/inventory"), portOf("fleet/lifecycle", "numbers.ts")],
  },
  "fleet/boot": {
    effects: "HTTP, image files",
    modules: [
      typesOf("fleet/executor"),
      typesOf("fleet/inventory"),
      portOf("fleet/boot-loop", "boot-wish.ts"),
    ],
    node: [...files, "node:https", "node:http", "node:net", "node:tls"],
  },
  "fleet/broker": {
    effects: "its own process",
    modules: ["fleet/bmc", "fleet/boot", "fleet/identity", typesOf("fleet/lifecycle")],
    node: [...files, "node:net", "node:http"],
  },
  "fleet/storage": {
    effects: "database and data folder",
    modules: [
      "proto/messages",
      portOf(
        "fleet/inventory",
        "component-store.ts",
        "hardware-profile.ts",
        // The words that a record may hold, for reading it back.
        "host-record.ts",
        "running-operation.ts",
      ),
      // How many events of a host are kept is said beside their shape.
      portOf("fleet/health", "host-event.ts"),
      typesOf("fleet/telemetry"),
      // What a grant may be is checked when it is read back; who is last with a role, where it is written.
      portOf("fleet/identity", "grants.ts", "people-store.ts"),
      // The chain is computed where it is appended, in the transaction.
      "fleet/audit",
      portOf("fleet/tenancy", "tenancy.ts"),
      // What a federation keeps of its cells is checked when it is read back.
      portOf("fleet/federation", "federation-limits.ts", "kept-cell.ts"),
      portOf(
        "fleet/lifecycle",
        "freeze.ts",
        "hold.ts",
        "operation.ts",
        "plan.ts",
        "power.ts",
        "safe-mode.ts",
        "why.ts",
      ),
      portOf("fleet/alerts", "alert.ts", "delivery.ts"),
      // Which figures are kept, and for how many days; what of an event counts as a failure.
      portOf("fleet/reports", "capacity-figures.ts", "failure-figures.ts", "report-store.ts"),
    ],
    // typebox: JSON that comes out of the database is checked like any other input.
    npm: ["kysely", "pg", "typebox"],
    node: [...files, "node:sqlite"],
  },
  "fleet/reports": {
    effects: "none",
    modules: [
      "fleet/inventory",
      "fleet/telemetry",
      "fleet/health",
      "fleet/lifecycle",
      "fleet/tenancy",
      // What a component change is in its own words.
      "proto/messages",
    ],
    // croner only computes when a schedule is due next; hyparquet-writer only makes bytes.
    npm: ["csv-stringify", "hyparquet-writer", "croner"],
  },
  // It answers a manager's very routes, with their shapes, order, selection and refusals, by asking
  // the cells: what it takes of the API are those, never what a manager answers out of its stores.
  "fleet/federation": {
    effects: "HTTP, which only reads",
    modules: [
      portOf(
        "fleet/api",
        "cell-schemas.ts",
        "elevation.ts",
        "event-topics.ts",
        "host-order.ts",
        "host-schemas.ts",
        "host-selection.ts",
        "json-body.ts",
        "manager-schemas.ts",
        "near-names.ts",
        "operation-schemas.ts",
        "place-schemas.ts",
        "plan-schemas.ts",
        "problem-schema.ts",
        "problems.ts",
        "report-schemas.ts",
        "send-report.ts",
      ),
      // A report over all cells is one more report: the same forms, the same moments.
      portOf("fleet/reports", "report.ts", "report-table.ts"),
      typesOf("fleet/inventory"),
    ],
    npm: ["typebox"],
    node: ["node:http", "node:https"],
  },
  "fleet/api": {
    effects: "HTTP",
    modules: [...pureFleet, "fleet/identity", "fleet/audit"],
    npm: [
      "fastify",
      "@fastify/cookie",
      "@fastify/helmet",
      "@fastify/rate-limit",
      "@fastify/static",
      "@fastify/swagger",
      "@fastify/type-provider-typebox",
      "@prometheus-io/client",
      "typebox",
      { name: "pino", only: "types" },
    ],
    node: [...files, "node:http", "node:https"],
    globals: ["fetch"],
  },
  "fleet/console": {
    effects: "HTTP, the browser",
    modules: [portOf("fleet/api", "client.ts", "client")],
    npm: [
      "react",
      "react-dom",
      "react-router",
      "@tanstack/react-query",
      "@tanstack/react-table",
      "@tanstack/react-virtual",
      "uplot",
    ],
    globals: browser,
  },
  "fleet/cli": {
    effects: "HTTP, terminal; start.ts and demo.ts start processes",
    // `bmc probe` asks a BMC itself, `image build` makes a file: they work with no manager.
    modules: [
      portOf("fleet/api", "client.ts", "client"),
      portOf("fleet/bmc", "probe.ts"),
      portOf("fleet/boot", "image-build/build-image.ts"),
    ],
    npm: ["commander", "cli-table3", "csv-stringify"],
    node: [...files, "node:child_process", "node:os", "node:readline", "node:readline/promises"],
    globals: [...wholeProcess, "fetch"],
  },
  // Joins lifecycle, tenancy, plans and executor: fleet.ts and the simulation run the same.
  // The type of fetch: the function itself is handed in.
  "fleet/life": { effects: "every effect handed in", modules: ["fleet/*"], globals: ["fetch"] },
  // What a cell's start and a federation's share, and the parts of a start that stand alone.
  "fleet/startup": {
    effects: "every effect handed in",
    modules: ["fleet/*", "proto/*"],
    globals: ["fetch"],
  },
  // Joins what a federation needs of the manager's modules: people, sessions, audit, the API's server.
  "fleet/start-federation.ts": {
    effects: "every effect handed in",
    modules: ["fleet/*", "proto/*"],
  },
  "fleet/fleet.ts": {
    effects: "every effect handed in",
    modules: ["fleet/*", "proto/*"],
  },
  "fleet/program": {
    effects: "process, signals, clock, random, network: what main.ts runs",
    modules: ["fleet/*", "proto/*"],
    npm: ["pino"],
    node: ["node:*"],
    // Tenants are told by their webhooks.
    globals: [...wholeProcess, "fetch"],
  },
  "fleet/main.ts": {
    effects: "process, signals, clock, random",
    modules: ["fleet/*", "proto/*"],
    npm: ["pino", "commander"],
    node: ["node:*"],
    globals: wholeProcess,
  },
};

/** What the file of a unit test may import beyond its module's own row. */
export const testRule = {
  modules: ["test/support", "proto/messages"],
  // Properties come seeded, from #test/support/properties.ts.
  npm: ["vitest"],
  node: ["node:*"],
} as const;

/** Settings of tools that live in a module's folder. */
export const configFileRule = { npm: ["vite", "@vitejs/plugin-react"], node: ["node:*"] } as const;
