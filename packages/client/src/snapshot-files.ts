import { ConnectionError } from './errors.ts'
import { type FileContent, openFile, streamOf } from './file-content.ts'
import { errorOf } from './transport.ts'
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

/** Returns the methods of snapshots as files. They may take as long as they need, and are tried once. */
export function snapshotFiles({
  baseUrl,
  fetch,
  token,
}: {
  baseUrl: string
  fetch: typeof globalThis.fetch
  token: () => Promise<string>
}): ControlExtras {
  const send = async (name: string, init: RequestInit): Promise<Response> => {
    const url = `${baseUrl}/_pinfold/snapshots/${encodeURIComponent(name)}`
    const headers = { ...init.headers, authorization: `Bearer ${await token()}` }
    const response = await fetch(url, { ...init, headers }).catch((cause) => {
      init.signal?.throwIfAborted()
      throw new ConnectionError(`The connection failed: ${init.method} ${url}.`, { cause })
    })
    if (!response.ok) throw errorOf(response, await response.text())
    return response
  }
  return {
    async exportSnapshot(name, { signal } = {}) {
      const { body } = await send(name, { method: 'GET', ...(signal && { signal }) })
      if (!body) throw new ConnectionError('The answer has no body.')
      return body
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
      return (await (await send(name, { ...init, headers })).json()) as Snapshot
    },
  }
}
