import { Link, useLocation } from "react-router";
import { useWhere } from "../shell/where.tsx";
import { PageHead } from "./page-head.tsx";

export function NoSuchPage() {
  const { pathname } = useLocation();
  useWhere([{ words: "nothing here", to: null }]);
  return (
    <>
      <PageHead title="There is nothing at this address" />
      <p>
        The console has no page <code>{pathname}</code>. Start at the <Link to="/">fleet</Link>, or
        find a <Link to="/hosts">host</Link>.
      </p>
    </>
  );
}
