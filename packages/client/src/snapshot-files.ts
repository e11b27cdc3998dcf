import { type FileContent, openFile, streamOf } from './file-content.ts'
import { bodyOf, type SendControl } from './send-control.ts'
import type { Resources } from './types.ts'

type Snapshot = Awaited<ReturnType<Resources['control']['saveSnapshot']>>

export interface SnapshotFileOptions {
  /** Ends it. */
  signal?: AbortSignal
  /** Called with the number of bytes that were sent so far. */
  onProgress?: (sentBytes: number) => void
}

/** What the control of a server has beyond operations: snapshots as files. */
export interface ControlExtras {
  /**
   * Returns the bytes of a snapshot as one file, for `importSnapshot` of this server or another. Throws `NotFoundError`.
   *
   * @example
   * await writeFile('cups.tar', await client.control.exportSnapshot('cups'))
   */
  exportSnapshot(name: string, options?: Pick<SnapshotFileOptions, 'signal'>): Promise<ReadableStream<Uint8Array>>
  /**
   * Makes a snapshot under a new name of a file that `exportSnapshot` has given. Throws `InvalidRequestError` when it is
   * none, is not whole, or the name is taken.
   *
   * @example
   * await client.control.importSnapshot('cups', './cups.tar')
   */
  importSnapshot(name: string, file: FileContent, options?: SnapshotFileOptions): Promise<Snapshot>
}

/** Returns the methods of snapshots as files. */
export function snapshotFiles(send: SendControl): ControlExtras {
  const pathOf = (name: string) => `snapshots/${encodeURIComponent(name)}`
  return {
    async exportSnapshot(name, { signal } = {}) {
      return bodyOf(await send(pathOf(name), { method: 'GET', ...(signal && { signal }) }))
    },

    async importSnapshot(name, file, { signal, onProgress } = {}) {
      const opened = await openFile(file)
      async function* counted() {
        let sent = 0
        for await (const chunk of opened.chunks()) {
          signal?.throwIfAborted()
          sent += chunk.length
          onProgress?.(sent)
          yield chunk
        }
      }
      const init = { method: 'PUT', body: streamOf(counted()), duplex: 'half' as const, ...(signal && { signal }) }
      const headers = { 'content-type': 'application/x-tar' }
      return (await (await send(pathOf(name), { ...init, headers })).json()) as Snapshot
    },
  }
}
