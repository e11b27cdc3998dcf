import type { Pin } from './types.ts'

/** How one item of a bulk creation ended; in the order of the items. */
export type Created =
  | { status: 'created'; index: number; pin: Pin }
  | { status: 'failed'; index: number; error: unknown }
  /** It was not tried: the creation was cancelled before. */
  | { status: 'cancelled'; index: number }

export interface Progress {
  done: number
  failed: number
  total: number
  /** Items a second, so far. */
  rate: number
}

export interface CreateManyOptions {
  /** How many are under way at once; 4 if not given. */
  concurrency?: number
  onProgress?: (progress: Progress) => void
  /** Ends it: what is under way is abandoned, what has not begun is not begun. */
  signal?: AbortSignal
  /** A key for each item, so that a run that is repeated makes nothing twice. */
  idempotencyKey?: (index: number) => string
}

/** Makes many things a few at a time. One that fails is reported and stops no other. */
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
