const units = ['', 'K', 'M', 'B'] as const

/**
 * Returns how frequent something is as ads tools are told: the number itself below 10, then the highest of 10, 50, 100,
 * 500, 1K and so on that it reaches, with a plus.
 */
export function volumeText(count: number): string {
  if (count < 10) return String(count)
  const power = 10 ** Math.floor(Math.log10(count))
  const reached = count >= 5 * power ? 5 * power : power
  const unit = Math.min(Math.floor(Math.log10(reached) / 3), units.length - 1)
  return `${reached / 1000 ** unit}${units[unit]}+`
}
