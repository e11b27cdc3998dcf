import { language } from '../words/index.ts'

const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' })

/** Writes a day and the time of it. */
export const writeMoment = (time: string): string => moment.format(new Date(time))
