import { useQuery, useQueryClient } from "@tanstack/react-query";
import { peopleAsks } from "../../api/people-queries.ts";
import { useWhyNot } from "../../parts/may.tsx";
import { Failed, Loading } from "../../parts/page-states.tsx";
import { useWhere } from "../../shell/where.tsx";
import { PageHead } from "../page-head.tsx";
import { AddPerson } from "./add-person.tsx";
import { TokenTable } from "./token-table.tsx";
import { UserList } from "./user-list.tsx";

/** Who there is and what they may do, for those who decide that; one's own tokens for everybody. */
export function PeoplePage() {
  useWhere([{ words: "people", to: null }]);
  const whyNot = useWhyNot("people");
  const queries = useQueryClient();
  const users = useQuery({ ...peopleAsks.users(), enabled: whyNot === null });
  const tokens = useQuery(peopleAsks.tokens());
  const again = (): void => {
    void queries.invalidateQueries({ queryKey: ["users"] });
    void queries.invalidateQueries({ queryKey: ["api-tokens"] });
  };
  return (
    <>
      <PageHead title="People" />
      {whyNot === null ? (
        <>
          <AddPerson onDone={again} />
          {users.data === undefined ? (
            users.error && !users.isFetching ? (
              <Failed what="the people" error={users.error} onRetry={() => void users.refetch()} />
            ) : (
              <Loading what="the people" />
            )
          ) : (
            <UserList users={users.data.items} onDone={again} />
          )}
        </>
      ) : (
        <p className="notice slim">Who there is, you do not see: {whyNot}.</p>
      )}
      <h2>API tokens</h2>
      {tokens.data === undefined ? (
        tokens.error && !tokens.isFetching ? (
          <Failed what="the tokens" error={tokens.error} onRetry={() => void tokens.refetch()} />
        ) : (
          <Loading what="the tokens" rows={3} />
        )
      ) : (
        <TokenTable tokens={tokens.data.items} onDone={again} />
      )}
    </>
  );
}
