/** A value that is there already, or a promise of it: what the embedded database returns at once, another later. */
export type Soon<T> = T | Promise<T>

/** Returns what `next` makes of a value: at once if the value is there, since even a settled promise costs a turn. */
export function soon<T, U>(value: Soon<T>, next: (value: T) => Soon<U>): Soon<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}
