import { InvalidArgumentError } from 'commander'

/** Reads a whole number of an option. Throws `InvalidArgumentError`. */
export function toCount(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}
