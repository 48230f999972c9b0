import type { ReactNode } from "react";
import type { HostInventory } from "#fleet/api/inventory-schemas.ts";
import { WrittenFigure } from "../../parts/figure.tsx";
import { Ago } from "../../parts/time.tsx";
import { countOf, formatCapacity } from "../../words/figures.ts";

/** What the host says it is. Its words come from firmware and are shown as they are. */
export function SystemFacts({ inventory }: { readonly inventory: HostInventory }) {
  const { identity } = inventory;
  const { processor } = identity;
  const facts: readonly (readonly [string, ReactNode])[] = [
    ["Machine", join([identity.manufacturer, identity.product])],
    ["Board", join([identity.boardManufacturer, identity.boardProduct])],
    ["Board serial", mono(identity.boardSerial)],
    ["Asset tag", mono(identity.assetTag)],
    ["System UUID", mono(identity.systemUuid)],
    ["Firmware", join([identity.firmwareVendor, identity.firmwareVersion, identity.firmwareDate])],
    ["Virtual", identity.virtualization],
    ["Processor", processor === null ? null : processor.model],
    [
      "Cores",
      processor === null
        ? null
        : `${countOf(processor.sockets, "socket")}, ${countOf(processor.cores, "core")}, ${countOf(processor.threads, "thread")}`,
    ],
    ["NUMA nodes", identity.numaNodes],
    ["Memory", memoryOf(identity.memoryBytes)],
    ["Hostname", mono(identity.hostname)],
    ["System", identity.os],
    ["Kernel", mono(join([identity.kernel, identity.architecture]))],
  ];
  const known = facts.filter(([, value]) => value !== null);
  return (
    <section aria-labelledby="system-facts">
      <h2 id="system-facts">System</h2>
      <dl className="facts">
        {known.map(([name, value]) => (
          <FactRow key={name} name={name} value={value} />
        ))}
      </dl>
      <p className="dim small">
        {inventory.observedMs === null ? (
          "by the host, at a time that it did not say"
        ) : (
          <>
            by the host, <Ago timeMs={inventory.observedMs} />
          </>
        )}
      </p>
    </section>
  );
}

function FactRow({ name, value }: { readonly name: string; readonly value: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="break">{value}</dd>
    </>
  );
}

function memoryOf(bytes: number | null): ReactNode {
  return bytes === null ? null : <WrittenFigure figure={formatCapacity(bytes)} />;
}

function mono(text: string | null): ReactNode {
  return text === null ? null : <span className="mono">{text}</span>;
}

function join(parts: readonly (string | null)[]): string | null {
  const said = parts.filter((part) => part !== null && part !== "");
  return said.length === 0 ? null : said.join(" ");
}
