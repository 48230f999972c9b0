import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "@prometheus-io/client";
import { severities } from "#fleet/alerts/alert.ts";
import type { ChannelView } from "#fleet/alerts/channel-run.ts";
import type { Links, LinkState } from "#fleet/inventory/links.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { ScheduleStatus } from "#fleet/reports/report-scheduler.ts";
import type { Telemetry } from "#fleet/telemetry/telemetry.ts";

/** Figures that only the one who built the parts has; each may be left out. */
export interface MoreFigures {
  /** Open connections of agents. */
  readonly agentSessions?: () => number;
  /** Alerts that are not resolved. */
  readonly openAlerts?: () => Promise<readonly { readonly severity: string }[]>;
  readonly alertChannels?: () => readonly ChannelView[];
  /** How the schedules of reports went. */
  readonly reportSchedules?: () => Promise<readonly ScheduleStatus[]>;
  /** How long fsync takes at the 99th of 100 times, ms; null: none yet. */
  readonly fsyncMsP99?: () => number | null;
}

export interface OwnMetrics {
  countRequest(request: {
    readonly method: string;
    readonly route: string;
    readonly status: number;
    readonly seconds: number;
  }): void;
  /** Begins to watch the process: event loop, memory, processor. */
  watchProcess(): void;
  /** Prometheus text, version 0.0.4. */
  write(): Promise<string>;
}

const linkStates: readonly LinkState[] = ["connected", "late", "lost", "never"];

/** The manager's own metrics; the hosts' figures are not among them. */
export function createOwnMetrics(parts: {
  readonly inventory: Inventory;
  readonly links: Links;
  readonly telemetry: Telemetry;
  readonly streams: () => number;
  readonly release: string;
  readonly more: MoreFigures;
}): OwnMetrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: "wws_http_requests_total",
    help: "Requests answered",
    labelNames: ["method", "route", "status"] as const,
    registers,
  });
  const durations = new Histogram({
    name: "wws_http_request_duration_seconds",
    help: "Time from the request's arrival to the end of its answer",
    labelNames: ["route"] as const,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers,
  });
  new Gauge({
    name: "wws_build_info",
    help: "1, with the release in the label",
    labelNames: ["release"] as const,
    registers,
  }).set({ release: parts.release }, 1);
  const hosts = new Gauge({
    name: "wws_hosts",
    help: "Hosts by the state of their link",
    labelNames: ["link"] as const,
    registers,
    async collect() {
      const counts = new Map<LinkState, number>();
      for (const { id } of await parts.inventory.hosts()) {
        const { state } = parts.links.view(id);
        counts.set(state, (counts.get(state) ?? 0) + 1);
      }
      for (const link of linkStates) hosts.set({ link }, counts.get(link) ?? 0);
    },
  });
  const follow = (name: string, help: string, read: () => number | null): void => {
    const gauge = new Gauge({
      name,
      help,
      registers,
      collect() {
        const value = read();
        if (value === null) gauge.reset();
        else gauge.set(value);
      },
    });
  };
  const stats = () => parts.telemetry.stats();
  followTotal(registry, "wws_reports_total", "Reports on disk", () => stats().reports);
  followTotal(registry, "wws_samples_total", "Samples on disk", () => stats().samples);
  followTotal(
    registry,
    "wws_duplicate_reports_total",
    "Reports that came again and changed nothing",
    () => stats().duplicates,
  );
  follow("wws_telemetry_bytes", "Bytes of telemetry on disk", () => stats().bytesOnDisk);
  follow("wws_event_streams", "Open event streams", parts.streams);
  const { agentSessions, fsyncMsP99 } = parts.more;
  if (agentSessions !== undefined) {
    follow("wws_agent_sessions", "Open connections of agents", agentSessions);
  }
  if (fsyncMsP99 !== undefined) {
    follow("wws_fsync_p99_seconds", "fsync of telemetry, 99th percentile", () => {
      const ms = fsyncMsP99();
      return ms === null ? null : ms / 1_000;
    });
  }
  followAlerts(registry, parts.more);
  followSchedules(registry, parts.more);
  let isWatching = false;
  return {
    countRequest({ method, route, status, seconds }) {
      requests.inc({ method, route, status });
      durations.observe({ route }, seconds);
    },
    watchProcess() {
      if (isWatching) return;
      isWatching = true;
      collectDefaultMetrics({ register: registry });
    },
    write: () => registry.metrics(),
  };
}

/** A report that was not written is found by whoever watches the manager, not by who misses it. */
function followSchedules(registry: Registry, { reportSchedules }: MoreFigures): void {
  if (reportSchedules === undefined) return;
  const failed = new Gauge({
    name: "wws_report_schedule_failed",
    help: "1 where the last run of a schedule failed",
    labelNames: ["schedule"] as const,
    registers: [registry],
    async collect() {
      for (const { schedule, last } of await reportSchedules())
        failed.set({ schedule: schedule.name }, last?.outcome === "failed" ? 1 : 0);
    },
  });
  const done = new Gauge({
    name: "wws_report_schedule_done_seconds",
    help: "When a schedule was last written well, unix seconds",
    labelNames: ["schedule"] as const,
    registers: [registry],
    async collect() {
      for (const { schedule, last } of await reportSchedules())
        if (last !== null && last.doneMs !== null)
          done.set({ schedule: schedule.name }, last.doneMs / 1_000);
    },
  });
}

/** What is wrong, and whether it gets out of the house. */
function followAlerts(registry: Registry, { openAlerts, alertChannels }: MoreFigures): void {
  if (openAlerts === undefined || alertChannels === undefined) return;
  const open = new Gauge({
    name: "wws_alerts",
    help: "Alerts that are not resolved, by severity",
    labelNames: ["severity"] as const,
    registers: [registry],
    async collect() {
      const alerts = await openAlerts();
      for (const severity of severities)
        open.set({ severity }, alerts.filter((alert) => alert.severity === severity).length);
    },
  });
  const messages = new Gauge({
    name: "wws_alert_messages",
    help: "Messages of alerts since the start by channel and what became of them; waiting: now",
    labelNames: ["channel", "outcome"] as const,
    registers: [registry],
    collect() {
      for (const { name: channel, sent, failures, givenUp, leftOut, waiting } of alertChannels())
        for (const [outcome, count] of Object.entries({
          sent,
          failed: failures,
          given_up: givenUp,
          left_out: leftOut,
          waiting,
        }))
          messages.set({ channel, outcome }, count);
    },
  });
  const failing = new Gauge({
    name: "wws_alert_channel_failing",
    help: "1 where the channel's last try was not taken",
    labelNames: ["channel"] as const,
    registers: [registry],
    collect() {
      for (const { name: channel, failingSinceMs } of alertChannels())
        failing.set({ channel }, failingSinceMs === null ? 0 : 1);
    },
  });
}

/** A counter that somebody else counts: raised to what they say at each scrape. */
function followTotal(registry: Registry, name: string, help: string, read: () => number): void {
  let told = 0;
  const counter = new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      const total = read();
      if (total > told) counter.inc(total - told);
      told = total;
    },
  });
}
