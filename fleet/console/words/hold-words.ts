const meanings: Readonly<Record<string, string>> = {
  cordon: "nothing new is placed there",
  protect: "no forced drain, reimage or retirement",
  "power-lockout": "no change of power or boot: somebody is at the machine",
  legal: "its data must stay: no erasing, reimaging or retiring",
  fault: "nothing new is placed there while it is ill",
  reservation: "placement only for whom it is kept",
  tenant: "no drain before its date",
};

/** What a hold forbids; of a kind that this page does not know, nothing is guessed. */
export function holdMeaning(kind: string): string {
  return (Object.hasOwn(meanings, kind) ? meanings[kind] : undefined) ?? "";
}
