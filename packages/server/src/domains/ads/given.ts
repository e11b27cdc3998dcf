/** The values of `T` that are said: none is null. */
export type Said<T> = { [Name in keyof T]?: Exclude<T[Name], null | undefined> }

/** Returns what a body says, without the values that are null: to create, that is the same as to leave them out. */
export function said<T extends object>(body: T): Said<T> {
  return Object.fromEntries(
    Object.entries(body).filter(([, value]) => value !== null && value !== undefined),
  ) as Said<T>
}

/** Returns the fields of a body that have these names, also those that are null. */
export function pick<T extends object, Name extends keyof T>(body: T, names: readonly Name[]): Partial<Pick<T, Name>> {
  return Object.fromEntries(
    names.filter((name) => body[name] !== undefined).map((name) => [name, body[name]]),
  ) as Partial<Pick<T, Name>>
}
