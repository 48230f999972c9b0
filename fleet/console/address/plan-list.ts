/** Plans that are asked for at a time. */
export const plansStep = 25;
/** More the manager does not give in one answer. */
const plansMax = 500;

/** How many plans the address asks to be shown; what makes no sense is the first page. */
export function readPlanRows(address: URLSearchParams): number {
  const text = address.get("rows") ?? "";
  if (!/^[0-9]{1,4}$/.test(text)) return plansStep;
  return Math.min(plansMax, Math.max(plansStep, Number(text)));
}

/** How many to show next; null: there are no more to be had. */
export function nextPlanRows(shown: number): number | null {
  return shown >= plansMax ? null : Math.min(plansMax, shown + plansStep);
}
