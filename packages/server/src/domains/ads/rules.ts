import { type Refusal, Refused } from './batch.ts'

/** One thing that must not be. */
export interface Rule<T> {
  /** Pinterest's number for it; 1 if that is not known. */
  code?: number
  /** Returns whether the rule is broken. */
  broken(value: T): boolean
  /** What was wrong, and what would be right. */
  message: string
}

/** What must hold for something, however it came to be: made, changed, or both in bulk. */
export type Rules<T> = readonly Rule<T>[]

/** Returns what is wrong with a value. */
export const brokenRules = <T>(rules: Rules<T>, value: T): Refusal[] =>
  rules.flatMap(({ code = 1, broken, message }) => (broken(value) ? [{ code, message }] : []))

/** Throws `Refused` with all that is wrong with a value. */
export function check<T>(rules: Rules<T>, value: T): void {
  const [first, ...others] = brokenRules(rules, value)
  if (first) throw new Refused(first, ...others)
}
