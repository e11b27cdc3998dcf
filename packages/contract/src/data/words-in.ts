/** The words of a line. */
export type WordsIn<Line extends string> = Line extends `${infer Word} ${infer Rest}` ? Word | WordsIn<Rest> : Line

/** Returns the words of some lines, in order. */
export function wordsIn<const Lines extends readonly string[]>(lines: Lines): WordsIn<Lines[number]>[] {
  return lines.flatMap((line) => line.split(' ')) as WordsIn<Lines[number]>[]
}
