import { Command } from "../../parts/copy.tsx";
import { Empty } from "../../parts/page-states.tsx";

/** No host yet: how the first one gets here. */
export function EmptyFleet() {
  return (
    <Empty title="No host yet">
      <p>A host appears here a few seconds after its agent is let in.</p>
      <ol className="steps">
        <li>
          Make a token, on the manager's machine. It works once.
          <Command text="npx wws-fleet enroll token" />
        </li>
        <li>
          On the server, enrol with it.
          <Command text="npx wws-agent enroll --manager MANAGER:7601 --token TOKEN" />
        </li>
        <li>
          Let it in, on the manager's machine: compare the fingerprint, give it a name and a place.
          <Command text="npx wws-fleet enroll pending" />
        </li>
        <li>
          Start the agent on the server.
          <Command text="npx wws-agent run" />
        </li>
      </ol>
      <p className="dim">
        Only want to look? Three simulated regions with 480 hosts: <Command text="npm run demo" />
      </p>
    </Empty>
  );
}
