import type { Readable } from 'node:stream'

export interface StoredFile {
  name: string
  bytes: Buffer
}

/** Where the files of pictures are kept: each picture has a key and, under it, a few named files. */
export interface PictureStorage {
  /** Keeps all files of a picture, or none. When it is done they survive a crash. */
  save(key: string, files: readonly StoredFile[]): Promise<void>
  /** One file, from its beginning; undefined if there is none. */
  open(key: string, name: string): Promise<{ size: number; stream: Readable } | undefined>
  /** Removes every file of a picture; no error if there is none. */
  remove(key: string): Promise<void>
  /** Removes what an end in the middle of `save` has left. Only while nobody saves. */
  sweep(): Promise<void>
}
