import { packColumn } from "#proto/codec/columns.ts";
import { dictionaryDigest } from "#proto/codec/dictionary-digest.ts";
import type { AgentMessage, Hello, ManagerMessage } from "#proto/messages/frames.ts";
import type { Column, Report } from "#proto/messages/report.ts";
import type { Dictionary, Series } from "#proto/messages/series.ts";
import { type HostState, unknownIdentity, unknownComponent } from "#proto/messages/state.ts";
import type { Brand } from "#proto/vocabulary/brand.ts";
import type { HostOrder, OrderAction } from "#proto/messages/orders.ts";
import {
  type CellId,
  type KeyFingerprint,
  type OperationId,
  parseUuid,
} from "#proto/vocabulary/ids.ts";
import type { MetricKind } from "#proto/vocabulary/metric-definition.ts";
import { metrics } from "#proto/vocabulary/metrics.ts";
import { monotonicMs, unixMs } from "#proto/vocabulary/units.ts";

/** One plausible message of each kind, fixed; tests change what they are about. */
function uuid<Id extends Brand<string, string>>(text: string): Id {
  const parsed = parseUuid<Id>(text);
  if (!parsed.ok) throw new Error(`${text} is no UUID`);
  return parsed.value;
}

const startMs = unixMs(1_790_000_000_000);

const sampleSeries: readonly Series[] = [
  { metric: "system.cpu.utilization", attributes: [], exponent: -4, quantum: 1, cadenceMs: 1_000 },
  {
    metric: "system.disk.io",
    attributes: [
      { key: "disk.io.direction", value: "read" },
      { key: "system.device", value: "nvme0n1" },
    ],
    exponent: 0,
    quantum: 512,
    cadenceMs: 1_000,
  },
  { metric: "hw.host.power", attributes: [], exponent: -3, quantum: 1, cadenceMs: 5_000 },
];

export const sampleDictionary: Dictionary = {
  digest: dictionaryDigest(sampleSeries),
  series: sampleSeries,
};

/** A column of the sample dictionary; `null` is a step that was not seen. */
export function sampleColumn(series: number, points: readonly (number | null)[]): Column {
  const metric = sampleSeries[series]?.metric;
  const kind: MetricKind = metric ? metrics[metric].kind : "gauge";
  const present = new Uint8Array(Math.ceil(points.length / 8));
  points.forEach((point, step) => {
    if (point !== null) present[step >> 3] = (present[step >> 3] ?? 0) | (1 << (step & 7));
  });
  const packed = packColumn({ values: points.map((point) => point ?? 0), present, kind });
  if (!packed.ok) throw new Error(`the sample does not pack: ${packed.problem.kind}`);
  return { series, ...packed.value };
}

export const sampleReport: Report = {
  seq: 42,
  dictionary: sampleDictionary.digest,
  startMs,
  startMonotonicMs: monotonicMs(86_400_000),
  stepMs: 1_000,
  steps: 10,
  columns: [
    sampleColumn(0, [1_250, 1_310, 1_298, 9_800, 9_914, 9_907, 1_402, 1_250, 1_250, 1_251]),
    sampleColumn(1, [0, 8, 8, 262_144, 131_072, 0, 0, 16, null, 0]),
    sampleColumn(2, [null, 412_500, null, null, null, null, 398_250, null, null, null]),
  ],
  gaps: [
    {
      fromMs: unixMs(startMs - 65_000),
      toMs: unixMs(startMs - 5_000),
      reason: "ring-full",
      seqs: { first: 35, last: 40 },
    },
    { fromMs: unixMs(startMs - 5_000), toMs: startMs, reason: "agent-restarted", seqs: null },
  ],
};

export const sampleHello: Hello = {
  protocol: 1,
  protocolOldest: 1,
  agentRelease: "0.1.0",
  hostId: uuid("019b2c6e-7a10-7c3d-9f52-0d6a5be3c911"),
  bootId: uuid("3f0c8d1e-52a7-4b7e-8c55-6f2a90b1d4e7"),
  incarnationId: uuid("019b2c6e-8001-7aaa-8bbb-0123456789ab"),
  spoolId: uuid("019b2c6e-8002-7aaa-8bbb-0123456789ab"),
  nextSeq: 41,
  wallMs: startMs,
  monotonicMs: monotonicMs(86_400_123),
  simulated: false,
  stateRevision: 3,
  dictionary: sampleDictionary.digest,
  term: 7,
};

export const sampleState: HostState = {
  revision: 3,
  observedMs: startMs,
  identity: {
    ...unknownIdentity,
    hostname: "fra2-b07-12",
    manufacturer: "Supermicro",
    product: "AS-1114S-WN10RT",
    serial: "S411795X1A12345",
    systemUuid: "00000000-0000-0000-0000-3cecef5a1b2c",
    virtualization: "none",
    kernel: "6.1.0-41-amd64",
    os: "Debian GNU/Linux 12 (bookworm)",
    architecture: "x86_64",
    processor: { model: "AMD EPYC 7543P 32-Core Processor", sockets: 1, cores: 32, threads: 64 },
    memoryBytes: 270_110_769_152,
    numaNodes: 2,
    components: [
      {
        ...unknownComponent,
        kind: "disk",
        slot: "nvme0n1",
        vendor: null,
        model: "KIOXIA KCD6XLUL3T84",
        serial: "Z1A0A00BT5M8",
        firmware: "0105",
        sizeBytes: 3_840_755_982_336,
        speedBitsPerSecond: null,
        address: null,
        interface: "nvme",
        rotational: false,
      },
      {
        ...unknownComponent,
        kind: "nic",
        slot: "eth0",
        vendor: "Intel",
        model: "E810-XXV",
        serial: null,
        firmware: null,
        sizeBytes: null,
        speedBitsPerSecond: 25_000_000_000,
        address: "3c:ec:ef:5a:1b:2c",
        interface: "ethernet",
        rotational: null,
      },
    ],
  },
  collectors: [
    { subject: "cpu", outcome: "ok", durationMicroseconds: 310, series: 66, detail: "" },
    {
      subject: "power",
      outcome: "partial",
      durationMicroseconds: 95,
      series: 1,
      detail: "one supply does not answer",
    },
  ],
  absences: [
    {
      what: "hw.power_supply.status",
      attributes: [{ key: "hw.id", value: "psu1" }],
      reason: "no-kernel-interface",
      detail: "/sys/class/power_supply",
    },
    { what: "assetTag", attributes: [], reason: "not-supported", detail: "" },
  ],
  powerSource: "rapl",
  boot: null,
};

/** The same host some releases later: how it came up, and parts that tell more. */
export const sampleStateAfterBoot: HostState = {
  ...sampleState,
  revision: 4,
  identity: {
    ...sampleState.identity,
    components: [
      {
        ...unknownComponent,
        kind: "controller",
        slot: "c0",
        partNumber: "SA001",
        firmware: "5.2",
      },
      { ...unknownComponent, kind: "disk", slot: "sda", parent: "c0" },
      { ...unknownComponent, kind: "nic", slot: "eth0", neighbor: "leaf-7 Ethernet12" },
    ],
  },
  boot: {
    bootedMs: startMs,
    pstore: ["dmesg-efi_pstore-170000: Kernel panic - not syncing: Fatal exception"],
    sel: [
      { id: 7, atMs: startMs, sensor: "Power Supply PS2", event: "AC lost", asserted: true },
      { id: 8, atMs: null, sensor: "Watchdog", event: "Hard reset", asserted: true },
    ],
    watchdogStatus: 32,
    agentStopped: false,
    agentLastMs: startMs,
    shutdown: null,
  },
};

const sampleOperationId = uuid<OperationId>("019b2c6e-c000-7aaa-8bbb-0123456789ab");

/** An order of the operation that the samples are about. */
export function sampleOrder(action: OrderAction): HostOrder {
  return {
    operationId: sampleOperationId,
    epoch: 12,
    generation: 1,
    serial: "S411795X1A12345",
    action,
  };
}

export const sampleAgentMessages: readonly AgentMessage[] = [
  { kind: "hello", hello: sampleHello },
  { kind: "dictionary", dictionary: sampleDictionary },
  { kind: "report", report: sampleReport },
  { kind: "state", state: sampleState },
  { kind: "state", state: sampleStateAfterBoot },
  {
    kind: "outcome",
    outcome: {
      commandId: "019b2c6e-9000-7aaa-8bbb-0123456789ab",
      result: "refused",
      detail: "the term is older than the one I have seen",
      evidence: null,
    },
  },
  {
    kind: "enrol",
    enrol: {
      token: "wws1.iad1.4s0VJ0pXWmQ",
      agentRelease: "0.1.0",
      simulated: true,
      identity: { ...unknownIdentity, hostname: "fra2-b07-12" },
      bootId: sampleHello.bootId,
      wallMs: unixMs(-946_684_800_000),
    },
  },
  { kind: "heartbeat", heartbeat: { wallMs: startMs, monotonicMs: monotonicMs(1) } },
  {
    kind: "outcome",
    outcome: {
      commandId: "019b2c6e-9002-7aaa-8bbb-0123456789ab",
      result: "done",
      detail: "",
      evidence: {
        epoch: 12,
        isFenced: true,
        workloads: [
          { name: "systemd:photo-store.service", state: "running", detail: "pid 4711" },
          { name: "hook/libvirt:guest-7", state: "migrating", detail: "40 % of 16 GiB" },
        ],
        tenantMounts: ["/srv/tenants/photo"],
        unasked: ["hook/kubernetes: gave no answer within 10 s"],
        observedMs: startMs,
      },
    },
  },
  {
    kind: "order-progress",
    progress: {
      operationId: sampleOperationId,
      epoch: 12,
      state: "running",
      workloads: [
        { name: "systemd:photo-store.service", state: "stopped", detail: "" },
        { name: "systemd:photo-web.service", state: "stuck", detail: "asked to stop 40 s ago" },
      ],
      observedMs: startMs,
    },
  },
];

/** One command for each action of an order. */
function sampleOrders(): readonly ManagerMessage[] {
  const deadlineMs = unixMs(startMs + 3_600_000);
  const actions: readonly OrderAction[] = [
    { kind: "fence" },
    { kind: "evacuate", deadlineMs, graceMs: 90_000, force: false },
    { kind: "halt-evacuation" },
    { kind: "prove-empty" },
    { kind: "release", restart: true },
    { kind: "reboot", graceMs: 60_000 },
  ];
  return actions.map((action, index) => ({
    kind: "command",
    command: {
      id: `019b2c6e-900${index + 2}-7aaa-8bbb-0123456789ab`,
      term: 7,
      expiresMs: unixMs(startMs + 60_000),
      action: { kind: "order", order: sampleOrder(action) },
    },
  }));
}

const certificateChain = [
  Uint8Array.of(0x30, 0x82, 0x01, 0x0a),
  Uint8Array.of(0x30, 0x03, 1, 1, 255),
];
const cell = "eu" as CellId;

export const sampleManagerMessages: readonly ManagerMessage[] = [
  {
    kind: "welcome",
    welcome: {
      protocol: 1,
      sessionId: uuid("019b2c6e-a000-7aaa-8bbb-0123456789ab"),
      cell,
      managerMs: startMs,
      term: 7,
      reportIntervalMs: 10_000,
      stepMs: 1_000,
      messageBytesMax: 262_144,
      needState: true,
      needDictionary: false,
      acknowledged: [
        { first: 1, last: 34 },
        { first: 41, last: 41 },
      ],
      certificateChain,
    },
  },
  { kind: "ack", ack: { ranges: [{ first: 42, last: 43 }], reportIntervalMs: null } },
  { kind: "ack", ack: { ranges: [], reportIntervalMs: 30_000 } },
  { kind: "state-ack", revision: 3 },
  {
    kind: "command",
    command: {
      id: "019b2c6e-9000-7aaa-8bbb-0123456789ab",
      term: 7,
      expiresMs: unixMs(startMs + 60_000),
      action: { kind: "send-state" },
    },
  },
  {
    kind: "command",
    command: {
      id: "019b2c6e-9001-7aaa-8bbb-0123456789ab",
      term: 7,
      expiresMs: unixMs(startMs + 60_000),
      action: { kind: "set-report-interval", reportIntervalMs: 5_000 },
    },
  },
  ...sampleOrders(),
  {
    kind: "refusal",
    refusal: {
      code: "overloaded",
      message: "the manager is busy",
      hint: "the agent comes back by itself",
      retryAfterMs: 15_000,
    },
  },
  {
    kind: "refusal",
    refusal: {
      code: "identity-removed",
      message: "removed",
      hint: "enrol again",
      retryAfterMs: null,
    },
  },
  {
    kind: "enrol",
    enrol: {
      kind: "issued",
      hostId: sampleHello.hostId,
      hostName: "fra2-b07-12",
      cell,
      generation: 1,
      certificateChain,
      managerMs: startMs,
    },
  },
  {
    kind: "enrol",
    enrol: {
      kind: "pending",
      pendingId: uuid("019b2c6e-b000-7aaa-8bbb-0123456789ab"),
      fingerprint:
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" as KeyFingerprint,
      retryAfterMs: 5_000,
      managerMs: startMs,
    },
  },
];
