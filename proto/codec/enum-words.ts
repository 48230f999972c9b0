/** An enum of the schema: words in our code, numbers on the wire, 0 for what is not known. */
export interface EnumWords<Word extends string> {
  /** A number of a newer peer reads as the word for 0. */
  toWord(number: number | null | undefined): Word;
  toNumber(word: Word): number;
}

export function enumWords<Word extends string>(
  unspecified: Word,
  numbers: Readonly<Record<Word, number>>,
): EnumWords<Word> {
  const words = new Map<number, Word>();
  for (const word in numbers) words.set(numbers[word], word);
  return {
    toWord: (number) => words.get(number ?? 0) ?? unspecified,
    toNumber: (word) => numbers[word],
  };
}
