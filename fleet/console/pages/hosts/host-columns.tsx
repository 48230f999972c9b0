import { createColumnHelper, tableFeatures } from "@tanstack/react-table";
import { Link } from "react-router";
import type { Host, HostSortKey } from "#fleet/api/host-schemas.ts";
import { rowProps } from "../../keys/row-focus.ts";
import { BlindMark } from "../../parts/cell-notes.tsx";
import { Figure } from "../../parts/figure.tsx";
import { Simulated } from "../../parts/simulated.tsx";
import { Life, State } from "../../parts/state.tsx";
import { LastsFor } from "../../parts/time.tsx";
import { formatPosition, formatPositionShort } from "../../words/place-words.ts";
import { healthLooks, linkLooks } from "../../words/state-words.ts";

export const hostFeatures = tableFeatures({});
const column = createColumnHelper<typeof hostFeatures, Host>();

/** Columns in reading order: who, in what state since when, where, what, and the newest figures. */
export const hostColumns = column.columns([
  column.display({
    id: "name",
    header: "Name",
    cell: ({ row }) => <NameCell host={row.original} />,
  }),
  column.display({
    id: "lifecycle",
    header: "Lifecycle",
    cell: ({ row }) => <Life host={row.original} />,
  }),
  column.display({
    id: "link",
    header: "Link, since",
    cell: ({ row }) => <LinkCell host={row.original} />,
  }),
  column.display({
    id: "health",
    header: "Health",
    cell: ({ row }) => <HealthCell host={row.original} />,
  }),
  column.display({
    id: "position",
    header: "Position",
    cell: ({ row: { original } }) => (
      <span className="mono clip" title={formatPosition(original.position)}>
        {formatPositionShort(original.position)}
      </span>
    ),
  }),
  column.display({
    id: "class",
    header: "Class",
    cell: ({ row: { original } }) => (
      <span className="mono clip" title={original.hardwareClass ?? ""}>
        {original.hardwareClass ?? <span className="dim">none yet</span>}
      </span>
    ),
  }),
  column.display({
    id: "cpu",
    header: "CPU",
    cell: ({ row }) => (
      <Measured host={row.original} value={row.original.latest.cpuUtilization} unit="1" />
    ),
  }),
  column.display({
    id: "memory",
    header: "Memory",
    cell: ({ row }) => (
      <Measured host={row.original} value={row.original.latest.memoryUtilization} unit="1" />
    ),
  }),
  column.display({
    id: "power",
    header: "Power",
    cell: ({ row: { original } }) => (
      <Figure value={original.power.watts} unit="W" why={original.power.reason} />
    ),
  }),
  column.display({
    id: "temperature",
    header: "Temp.",
    cell: ({ row }) => (
      <Measured host={row.original} value={row.original.latest.temperatureCelsius} unit="Cel" />
    ),
  }),
]);

/** Every column sorts, under the manager's word for it. */
export const columnSortKeys: Readonly<Record<string, HostSortKey>> = {
  name: "name",
  lifecycle: "lifecycle",
  link: "link",
  health: "health",
  position: "position",
  class: "class",
  cpu: "cpu",
  memory: "memory",
  power: "power",
  temperature: "temperature",
};

export const figureColumns: ReadonlySet<string> = new Set([
  "cpu",
  "memory",
  "power",
  "temperature",
]);

function NameCell({ host }: { readonly host: Host }) {
  return (
    <span className="pair">
      <Link
        {...rowProps}
        to={`/hosts/${encodeURIComponent(host.id)}`}
        className="mono clip"
        title={host.name}
      >
        {host.name}
      </Link>
      {host.simulated ? <Simulated isShort /> : null}
      <BlindMark name={host.cell} />
    </span>
  );
}

function LinkCell({ host: { link } }: { readonly host: Host }) {
  return (
    <span className="pair">
      <State look={linkLooks[link.state]} />
      {link.sinceMs === null ? null : (
        <span className="dim">
          <LastsFor sinceMs={link.sinceMs} isShort />
        </span>
      )}
    </span>
  );
}

/** The verdict; on hover why, the worst first. */
function HealthCell({ host: { health } }: { readonly host: Host }) {
  const look = healthLooks[health.verdict];
  const meaning = [look.meaning, ...health.reasons].join("\n");
  return <State look={{ ...look, meaning }} />;
}

/** Figures of a host that is not connected are old: they are shown dimmed, and say so. */
function Measured({
  host,
  value,
  unit,
}: {
  readonly host: Host;
  readonly value: number | null;
  readonly unit: string;
}) {
  if (host.link.state === "connected" || value === null)
    return <Figure value={value} unit={unit} />;
  return (
    <span className="old" title={`old: the link is ${host.link.state}`}>
      <Figure value={value} unit={unit} />
    </span>
  );
}
