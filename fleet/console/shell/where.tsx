import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { Link } from "react-router";

/** One step of the path in the top bar; the last one has no address: one is there. */
export interface WhereStep {
  readonly words: string;
  readonly to: string | null;
}

interface Where {
  readonly steps: readonly WhereStep[];
  setSteps(steps: readonly WhereStep[]): void;
}

const WhereContext = createContext<Where>({ steps: [], setSteps: () => {} });

export function WhereProvider({ children }: { readonly children: ReactNode }) {
  const [steps, setSteps] = useState<readonly WhereStep[]>([]);
  const where = useMemo(() => ({ steps, setSteps }), [steps]);
  return <WhereContext value={where}>{children}</WhereContext>;
}

/** The page says where it is; the window's title says the same, the other way round. */
export function useWhere(steps: readonly WhereStep[]): void {
  const { setSteps } = useContext(WhereContext);
  // Compared by content: pages make the list anew at each drawing.
  const text = JSON.stringify(steps);
  useEffect(() => {
    const told = JSON.parse(text) as readonly WhereStep[];
    setSteps(told);
    document.title = [...told.map(({ words }) => words).reverse(), "WWS Fleet"].join(" · ");
  }, [setSteps, text]);
}

/** `eu / fra2 / row-b / rack-07`: each step but the last leads there. */
export function WherePath() {
  const { steps } = useContext(WhereContext);
  return (
    <nav aria-label="Where am I" className="where">
      <ol>
        {steps.map(({ words, to }) => (
          <li key={`${words} ${to}`}>
            {to === null ? <span aria-current="page">{words}</span> : <Link to={to}>{words}</Link>}
          </li>
        ))}
      </ol>
    </nav>
  );
}
