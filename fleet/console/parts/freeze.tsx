import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLiveRefresh } from "../api/live.tsx";
import { apiDelete, apiPost } from "../api/client.ts";
import { peopleAsks } from "../api/people-queries.ts";
import { Dialog } from "../shell/dialog.tsx";
import { useWhyNot } from "./may.tsx";
import { ReasonedActions } from "./reasoned-actions.tsx";
import { Ago } from "./time.tsx";

function useFreeze() {
  const queries = useQueryClient();
  const freeze = useQuery(peopleAsks.freeze());
  const again = () => void queries.invalidateQueries({ queryKey: ["freeze"] });
  useLiveRefresh((event) => event.kind === "freeze-changed", again);
  return { freeze: freeze.data?.freeze ?? null, view: freeze.data, again };
}

/** Stands over every page while the cell is frozen: who, why, since when, and how it ends. */
export function FreezeNote() {
  const { freeze, view, again } = useFreeze();
  const whyNot = useWhyNot("freeze");
  if (freeze === null) return null;
  const { liftAsked } = freeze;
  return (
    <section className="notice notice-bad freeze-note" aria-label="The cell is frozen">
      <p role="status">
        <strong>Frozen</strong> by {freeze.by}, <Ago timeMs={freeze.sinceMs} />: {freeze.reason}.
        Nothing changes a host until {view?.liftNeedsTwo ? "two people have" : "somebody has"}{" "}
        lifted it.
        {liftAsked === null ? null : (
          <>
            {" "}
            {liftAsked.by} wants it lifted: {liftAsked.reason}. Another person has to agree.
          </>
        )}
      </p>
      <ReasonedActions
        of="the freeze"
        actions={[
          {
            verb: "lift",
            meaning: view?.liftNeedsTwo
              ? "The first who asks is written down; when another person asks too, it is lifted."
              : "What stood still goes on from where it was.",
            whyNot,
            run: (reason) => apiDelete(`/freeze?reason=${encodeURIComponent(reason)}`),
          },
        ]}
        onDone={again}
      />
    </section>
  );
}

/** In the top bar of every page: stops everything that changes a host, for a reason. */
export function FreezeButton() {
  const [isOpen, setIsOpen] = useState(false);
  const { freeze, again } = useFreeze();
  const whyNot = useWhyNot("freeze");
  return (
    <>
      <button
        type="button"
        className="button freeze-button"
        aria-haspopup="dialog"
        onClick={() => setIsOpen(true)}
      >
        {freeze === null ? "freeze" : "frozen"}
      </button>
      {isOpen ? (
        <Dialog label="Freeze the cell" onClose={() => setIsOpen(false)}>
          <h2>Freeze the cell</h2>
          <p>
            Nothing changes a host any more: no plan is applied, no operation takes its next step.
            Lifting it takes two people.
          </p>
          <ReasonedActions
            of="the cell"
            actions={[
              {
                verb: "freeze",
                meaning: "At once, and for the whole cell. Everybody who waits reads the reason.",
                whyNot: freeze === null ? whyNot : "it is frozen already",
                run: (reason) => apiPost("/freeze", { reason }),
              },
            ]}
            onDone={() => {
              again();
              setIsOpen(false);
            }}
          />
          <button type="button" className="button small" onClick={() => setIsOpen(false)}>
            close
          </button>
        </Dialog>
      ) : null}
    </>
  );
}
