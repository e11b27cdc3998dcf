const heights = [...'▁▂▃▄▅▆▇█']

/**
 * Draws numbers as a line of bars from 0 to the largest. If there are more than `width`, each bar is the mean of
 * several.
 */
export function sparkline(numbers: readonly number[], width: number): string {
  const bars = numbers.length <= width ? numbers : means(numbers, width)
  const top = Math.max(...bars)
  const height = (number: number) => (top > 0 ? Math.round((number / top) * (heights.length - 1)) : 0)
  return bars.map((number) => heights[Math.max(0, height(number))]).join('')
}

function means(numbers: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const part = numbers.slice(Math.floor((i * numbers.length) / count), Math.floor(((i + 1) * numbers.length) / count))
    return part.reduce((a, b) => a + b, 0) / part.length
  })
}
