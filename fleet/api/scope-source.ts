/**
 * Where the scope comes from of what a route reads or changes: whose site and tags a person's grants
 * must cover. What is not said concerns the whole cell.
 */
export const scopeSources = {
  cell: "the cell as a whole",
  somewhere: "nothing of a single host: having the role anywhere is enough",
  listed: "each thing in the answer: what the asker may not see is left out",
  host: "the host in the path",
  "host-of-body": "the host that the body names",
  "host-and-position": "the host in the path, and where the body puts it",
  position: "where the body puts it; the whole cell where it does not say",
  selected: "every host that the body's selector means",
  plan: "every host of the plan",
  operation: "the operation's host",
  hold: "the hold's host",
  lease: "the lease's host",
  alert: "every host that the alert names",
} as const;
export type ScopeSource = keyof typeof scopeSources;
