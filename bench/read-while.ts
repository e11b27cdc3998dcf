import type { Measured } from './processes.ts'

/** A process that reads (`processes/reader.ts`), and the request that it sends. */
export interface Reader {
  process: Measured
  request: Buffer
}

/** Returns the 99th percentiles of what each reader reads during some work, in milliseconds. */
export async function readWhile(readers: readonly Reader[], work: () => Promise<unknown>): Promise<number[]> {
  const times = readers.map(({ process, request }) => process.ask(request.toString('base64')))
  await work()
  for (const { process } of readers) void process.ask('stop')
  return ((await Promise.all(times)) as number[][]).map(percentile99)
}

function percentile99(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN
}
