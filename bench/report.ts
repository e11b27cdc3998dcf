/** One row of the benchmark. */
export interface Row {
  /** What was measured. */
  name: string
  /** What it is compared with, measured in the same run, if there is anything. */
  floorIs?: string
  unit: 'µs CPU' | 'ms CPU' | 'ms' | 'MB' | 'KB' | 'tasks'
  floor?: number
  ours: number
  /** The target: the largest `ours / floor`, or the largest `ours`. */
  target?: { ratio: number } | { ours: number }
}

export interface JudgedRow extends Row {
  /** Null where there is no floor. */
  ratio: number | null
  /** Null where there is no target. */
  reached: boolean | null
}

export function judge(row: Row): JudgedRow {
  const { floor, ours, target } = row
  const ratio = floor === undefined ? null : ours / floor
  if (!target) return { ...row, ratio, reached: null }
  return { ...row, ratio, reached: 'ratio' in target ? (ratio ?? 0) <= target.ratio : ours < target.ours }
}

/** Returns the rows as a table for people. */
export function table(rows: readonly JudgedRow[]): string {
  const cells = [
    ['what', 'floor', 'ours', 'unit', 'ratio', 'target', ''],
    ...rows.map((row) => [
      row.name,
      row.floor === undefined ? '-' : figure(row.floor),
      figure(row.ours),
      row.unit,
      row.ratio === null ? '-' : `${row.ratio.toFixed(2)}×`,
      targetText(row),
      row.reached === null ? '' : row.reached ? 'reached' : 'NOT reached',
    ]),
  ]
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0))) ?? []
  const isNumber = (column: number) => column === 1 || column === 2 || column === 4
  const line = (line: string[]) =>
    line.map((cell, i) => (isNumber(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join('  ')
  return cells.map((texts) => line(texts).trimEnd()).join('\n')
}

/** Returns how many targets were reached, and which were not. */
export function summary(rows: readonly JudgedRow[]): string {
  const aimed = rows.filter((row) => row.reached !== null)
  const missed = aimed.filter((row) => row.reached === false)
  const which = missed.length === 0 ? '' : `; not: ${missed.map((row) => row.name).join(', ')}`
  return `${aimed.length - missed.length} of ${aimed.length} targets reached${which}`
}

function targetText({ target, unit }: Row): string {
  if (!target) return '-'
  return 'ratio' in target ? `≤ ${Number(target.ratio.toFixed(2))}×` : `< ${target.ours} ${unit}`
}

const figure = (value: number): string => (value < 100 ? value.toFixed(1) : value.toFixed(0))
