import type { OwnMetrics } from "#fleet/api/own-metrics.ts";
import type { Federation } from "./federation.ts";

/**
 * The federation's own metrics as Prometheus text: which cells are heard, how old what is kept of them
 * is, and what was asked. Few and fixed: written out as they are.
 */
export function createFederationMetrics(parts: {
  readonly federation: Federation;
  readonly streams: () => number;
  readonly release: string;
}): OwnMetrics {
  const requests = new Map<string, number>();
  return {
    countRequest({ method, route, status }) {
      const key = labels({ method, route, status: String(status) });
      requests.set(key, (requests.get(key) ?? 0) + 1);
    },
    watchProcess() {},
    async write() {
      const cells = parts.federation.view();
      const perCell = (
        name: string,
        help: string,
        value: (cell: (typeof cells)[number]) => number,
      ) =>
        gauge(
          name,
          help,
          cells.map((cell) => [labels({ cell: cell.name }), value(cell)]),
        );
      return [
        gauge("wws_build_info", "1, with the release in the label", [
          [labels({ release: parts.release }), 1],
        ]),
        perCell("wws_federation_cell_connected", "1 while the cell is heard", (cell) =>
          cell.state === "connected" ? 1 : 0,
        ),
        perCell("wws_federation_cell_last_heard_seconds", "Unix time; 0 for never", (cell) =>
          Math.floor((cell.lastHeardMs ?? 0) / 1_000),
        ),
        perCell(
          "wws_federation_cell_hosts",
          "Hosts that are kept of the cell",
          (cell) => cell.hosts ?? 0,
        ),
        gauge("wws_event_streams", "Open event streams", [["", parts.streams()]]),
        gauge("wws_http_requests_total", "Requests answered", [...requests], "counter"),
      ].join("");
    },
  };
}

function gauge(
  name: string,
  help: string,
  rows: readonly (readonly [string, number])[],
  type = "gauge",
): string {
  const lines = rows.map(([label, value]) => `${name}${label} ${value}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ""].join("\n");
}

function labels(values: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(values).map(
    ([key, value]) =>
      `${key}="${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`,
  );
  return `{${pairs.join(",")}}`;
}
