/** The text format of Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats/ */

type MetricType = 'counter' | 'gauge' | 'histogram' | 'summary'

/** Returns the lines that say what a metric is. */
export const heading = (name: string, type: MetricType, help: string): string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
]

/** Returns the lines of a metric with its samples; none if there are no samples. */
export const metric = (name: string, type: MetricType, help: string, samples: readonly string[]): string[] =>
  samples.length === 0 ? [] : [...heading(name, type, help), ...samples]

/** Returns the line of one value. The texts of labels must be plain. */
export function sample(name: string, value: number, labels: Record<string, string | number> = {}): string {
  const list = Object.entries(labels).map(([label, text]) => `${label}="${text}"`)
  return `${name}${list.length > 0 ? `{${list.join(',')}}` : ''} ${value}`
}
