/** The forms of a text by number: `#` stands for the number. */
interface Forms {
  one: string
  other: string
}

/** Returns a function that chooses the form for a number, and writes the number as the language does. */
export function counted(language: string) {
  const rules = new Intl.PluralRules(language)
  const numbers = new Intl.NumberFormat(language)
  return (n: number, { one, other }: Forms): string =>
    (rules.select(n) === 'one' ? one : other).replace('#', numbers.format(n))
}
