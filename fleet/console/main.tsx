import { createRoot } from "react-dom/client";
import { createQueries } from "./api/queries.ts";
import { App } from "./app.tsx";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(<App queries={createQueries()} />);
