/** What of the audit is shown; each stands in the address. Empty: not asked for. */
export interface AuditAsk {
  readonly actor: string;
  readonly subject: string;
  readonly action: string;
  readonly outcome: string;
  /** As the field has it, UTC: `2026-11-23T08:00`. */
  readonly from: string;
  readonly to: string;
  readonly rows: number;
}

export const auditFields = ["actor", "subject", "action", "outcome", "from", "to"] as const;
export const outcomes = ["done", "denied", "failed"] as const;
const rowsStep = 50;
const rowsMax = 500;

export function readAuditAsk(address: URLSearchParams): AuditAsk {
  const text = (name: string): string => (address.get(name) ?? "").slice(0, 200);
  const outcome = text("outcome");
  const rows = Number(address.get("rows") ?? rowsStep);
  return {
    actor: text("actor"),
    subject: text("subject"),
    action: text("action"),
    outcome: (outcomes as readonly string[]).includes(outcome) ? outcome : "",
    from: momentMs(text("from")) === null ? "" : text("from"),
    to: momentMs(text("to")) === null ? "" : text("to"),
    rows: Number.isSafeInteger(rows) ? Math.min(rowsMax, Math.max(rowsStep, rows)) : rowsStep,
  };
}

/** How many to show next; null: there are no more to be had. */
export function nextAuditRows(shown: number): number | null {
  return shown >= rowsMax ? null : Math.min(rowsMax, shown + rowsStep);
}

/** As the manager is asked. */
export function auditQuery({ from, to, rows, ...texts }: AuditAsk): string {
  const query = new URLSearchParams({ limit: String(rows) });
  for (const [name, text] of Object.entries(texts)) if (text !== "") query.set(name, text);
  for (const [name, text] of Object.entries({ from, to })) {
    const ms = momentMs(text);
    if (ms !== null) query.set(name, String(ms));
  }
  return query.toString();
}

function momentMs(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text)) return null;
  const ms = Date.parse(`${text}:00Z`);
  return Number.isNaN(ms) ? null : ms;
}
