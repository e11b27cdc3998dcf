import { language } from '../index.ts'
import { type DeveloperWords, en } from './en.ts'

/** The texts of the developer pages, in the page's language: apart from the others, which every visit loads. */
export const developerWords: DeveloperWords = language === 'de' ? (await import('./de.ts')).de : en
