import { en, type Words } from './languages/en.ts'

export type { Words }

/** The languages that there are, by code, with the loader of each one's texts. English comes with the app. */
const loaders: Record<string, () => Promise<Words>> = {
  en: async () => en,
  de: async () => (await import('./languages/de.ts')).de,
}

/** The languages to choose from, under their own names. */
export const languages = { en: 'English', de: 'Deutsch' } as const

/** The language of the page, which the server has chosen: the visitor's choice, or else what the browser prefers. */
export const language: string = document.documentElement.lang in loaders ? document.documentElement.lang : 'en'

/** The texts of the page's language. Another language takes a new page. */
export const words: Words = await (loaders[language] ?? loaders.en ?? (async () => en))()

/** Writes a day as the page's language does. */
export const writeDay = (time: string): string =>
  new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(`${time}Z`))

/** Writes a number as the page's language does. */
export const writeNumber = (n: number): string => new Intl.NumberFormat(language).format(n)

/** Writes a length of time: `1:05`. */
export function writeLength(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
