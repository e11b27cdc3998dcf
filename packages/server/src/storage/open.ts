import { folderStorage } from './folder.ts'
import type { MediaStorage } from './storage.ts'
import type { StorageLocation } from './storage-location.ts'

export interface StorageOptions {
  /** Whether a folder waits until files are on disk. */
  sync: boolean
  /** Whether other servers may be storing files there. */
  isShared?: boolean
  /** How clients read files: through the server, or from the storage service, if there is one. */
  reads: MediaReads
}

export type MediaReads = 'proxy' | 'redirect'

/** Opens the storage at a location. Nothing is asked of it yet. */
export async function openStorage(
  location: StorageLocation,
  { sync, isShared = false, reads }: StorageOptions,
): Promise<MediaStorage> {
  if (location.kind === 'folder') return folderStorage(location.path, { sync, isShared })
  const { s3Storage } = await import('./s3.ts')
  return s3Storage(location, { givesAddresses: reads === 'redirect' })
}
