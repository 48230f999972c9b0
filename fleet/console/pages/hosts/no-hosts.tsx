import type { HostListChange, HostListPage } from "../../address/host-list.ts";
import { readChips } from "../../address/selector.ts";
import { Empty } from "../../parts/page-states.tsx";
import { EmptyFleet } from "../fleet/empty-fleet.tsx";

/** Nothing matches, or nothing is there at all: two different answers. */
export function NoHosts({
  ask,
  onChange,
}: {
  readonly ask: HostListPage;
  readonly onChange: (change: HostListChange) => void;
}) {
  const chips = readChips(ask.selector);
  if (chips.length === 0 && ask.words === "") return <EmptyFleet />;
  return (
    <Empty title="No host matches">
      <p>
        {chips.length === 0 ? "Nothing" : "With these filters nothing"} is called{" "}
        {ask.words === "" ? "so" : <span className="mono">{ask.words}</span>}.
      </p>
      <button
        type="button"
        className="button"
        onClick={() => onChange((now) => ({ ...now, selector: "", words: "" }))}
      >
        show all hosts
      </button>
    </Empty>
  );
}
