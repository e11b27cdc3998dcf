import { folderStorage } from './folder.ts'
import type { MediaStorage } from './storage.ts'
import type { StoragePlace } from './storage-location.ts'

export interface StorageOptions {
  /** Whether a folder waits until the disk has what it keeps. */
  sync: boolean
  /** How files reach clients: through the server, or from the service that keeps them, where it is one. */
  reads: MediaReads
}

export type MediaReads = 'proxy' | 'redirect'

/** Opens the storage at a place. Nothing is asked of it yet. */
export async function openStorage(place: StoragePlace, { sync, reads }: StorageOptions): Promise<MediaStorage> {
  if (place.kind === 'folder') return folderStorage(place.path, { sync })
  const { s3Storage } = await import('./s3.ts')
  return s3Storage(place, { givesAddresses: reads === 'redirect' })
}
