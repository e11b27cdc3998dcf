/** The content of a file: its path (in Node, Bun and Deno), its bytes, a Blob or File, or a stream. */
export type FileContent =
  | string
  | URL
  | Uint8Array
  | ArrayBuffer
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>

/** A file that is open for sending. */
export interface OpenFile {
  /** In bytes; undefined for a stream of unknown size. */
  size: number | undefined
  chunks: () => AsyncIterable<Uint8Array>
}

/** Opens a file; `size` is that of a stream, in bytes. Throws the system's error when there is none. */
export async function openFile(content: FileContent, size?: number): Promise<OpenFile> {
  if (typeof content === 'string' || content instanceof URL) {
    const { stat } = await import(/* webpackIgnore: true */ 'node:fs/promises')
    const { createReadStream } = await import(/* webpackIgnore: true */ 'node:fs')
    return { size: (await stat(content)).size, chunks: () => createReadStream(content) }
  }
  if (content instanceof ArrayBuffer) return ofBlob(new Blob([content]))
  if (content instanceof Uint8Array) return ofBlob(new Blob([content as Uint8Array<ArrayBuffer>]))
  if (content instanceof Blob) return ofBlob(content)
  return { size, chunks: () => ('getReader' in content ? chunksOf(content) : content) }
}

const ofBlob = (blob: Blob): OpenFile => ({ size: blob.size, chunks: () => chunksOf(blob.stream()) })

/** Yields the chunks of a stream: not all browsers can iterate over one. */
export async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
  } finally {
    reader.releaseLock()
  }
}

/** Returns a stream of what a generator yields. */
export function streamOf(generator: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await generator.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await generator.return(undefined)
    },
  })
}
