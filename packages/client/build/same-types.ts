/**
 * Returns the text of a module that compiles only if the methods of two modules' `Resources` have the same parameters
 * and results. If one differs, the compiler names it.
 */
export function sameTypesCheck(declared: string, written: string): string {
  return `
import type { Resources as Declared, TokenAnswer as DeclaredAnswer } from '${declared}'
import type { Resources as Written, TokenAnswer as WrittenAnswer } from '${written}'

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false
// An optional parameter takes undefined, an optional element of a tuple does not; here both count as the same.
type Given<P> = { [Index in keyof P]-?: Exclude<P[Index], undefined> }
type SameMethod<A, B> = A extends (...args: infer P) => infer R
  ? B extends (...args: infer Q) => infer S ? (Same<Given<P>, Given<Q>> extends true ? Same<R, S> : false) : false
  : false
type Different = {
  [Name in keyof Declared]: {
    [Method in keyof Declared[Name]]: Name extends keyof Written
      ? Method extends keyof Written[Name]
        ? SameMethod<Declared[Name][Method], Written[Name][Method]> extends true ? never : \`\${Name & string}.\${Method & string}\`
        : \`\${Name & string}.\${Method & string}\`
      : \`\${Name & string}.\${Method & string}\`
  }[keyof Declared[Name]]
}[keyof Declared]

// A difference is named as a property that is missing.
export const different: { [Name in Different]: never } = {}
export const names: Same<keyof Declared, keyof Written> = true
export const answer: Same<DeclaredAnswer, WrittenAnswer> = true
`
}
