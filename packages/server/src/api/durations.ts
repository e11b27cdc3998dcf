import { durationUnits } from '@pinfold/contract'

/** Returns a duration such as `31d`, which was validated, in milliseconds. */
export function milliseconds(duration: string): number {
  const [, number = '', unit = ''] = /^(\d+)([a-z]+)$/.exec(duration) ?? []
  return Number(number) * durationUnits[unit as keyof typeof durationUnits]
}
