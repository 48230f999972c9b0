/** What the audit takes for a reason: 3 to 500 characters. */
const charactersMin = 3;
export const reasonCharactersMax = 500;

/** What is wrong with a typed reason, in words; null: nothing. */
export function reasonFault(text: string): string | null {
  const { length } = text.trim();
  if (length === 0) return "say why: it goes into the audit";
  if (length < charactersMin) return `${charactersMin} characters or more`;
  return length > reasonCharactersMax ? `${reasonCharactersMax} characters at most` : null;
}
