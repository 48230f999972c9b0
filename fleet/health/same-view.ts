import type { HealthView } from "./finding.ts";

/** Whether people would see the same; when it was judged does not count. */
export function sameView(left: HealthView, right: HealthView): boolean {
  if (left.verdict !== right.verdict || left.findings.length !== right.findings.length)
    return false;
  const names = Object.keys(right.judged);
  if (names.length !== Object.keys(left.judged).length) return false;
  if (!names.every((name) => left.judged[name] === right.judged[name])) return false;
  return left.findings.every((finding, index) => {
    const other = right.findings[index];
    return (
      other !== undefined &&
      finding.rule === other.rule &&
      finding.component.id === other.component.id &&
      finding.component.serial === other.component.serial &&
      finding.verdict === other.verdict &&
      finding.detail === other.detail &&
      finding.isStale === other.isStale
    );
  });
}
