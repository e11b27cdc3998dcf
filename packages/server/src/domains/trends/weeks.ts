import { dayText } from '../analytics/days.ts'

const dayMs = 86_400_000
/** 1970-01-04, the first Sunday that days are counted from. */
const firstSunday = 3

/** How many weeks are looked back at, and kept: a year, and the year before to compare it with. */
export const keptWeeks = 104

/** The number of the week, from Sunday to Saturday in UTC, that a day belongs to. Days are numbered from 1970-01-01. */
export const weekOfDay = (day: number): number => Math.floor((day - firstSunday) / 7)

/** The same of a time in milliseconds. */
export const weekAt = (ms: number): number => weekOfDay(Math.floor(ms / dayMs))

/** The first day of a week. */
export const firstDayOf = (week: number): number => firstSunday + week * 7

/** The last day of a week, as `YYYY-MM-DD`. */
export const weekText = (week: number): string => dayText(firstDayOf(week) + 6)
