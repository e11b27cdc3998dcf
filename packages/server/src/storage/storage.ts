import type { Readable } from 'node:stream'

/** A file to keep: its bytes, or a stream of them, which is read once. */
export interface NewFile {
  name: string
  bytes: Buffer | Readable
}

/** A file that is kept. */
export interface KeptFile {
  name: string
  /** In bytes. */
  size: number
  /** When it was written, in milliseconds since 1970. */
  writtenAt: number
}

/** What is kept under one key. */
export interface KeptEntry {
  key: string
  files: KeptFile[]
}

/** A part of a file: its first and last byte, counted from 0. */
export interface ByteRange {
  start: number
  end: number
}

/**
 * Where the files of pictures and videos are kept: under each key a few named files, which never change. Every method
 * throws `StorageUnavailable` when a service does not answer, or the file system's error (a full disk, for one).
 */
export interface MediaStorage {
  /** Where files can be put before they are kept, by another process too; undefined where they are sent elsewhere. */
  readonly aside?: Aside
  /** Keeps all files under a new key. When it is done they survive a crash; when it throws none is left. */
  save(key: string, files: readonly NewFile[]): Promise<void>
  /** Keeps a file under a key that is there, in place of the one of that name if there is one. */
  replace(key: string, file: NewFile): Promise<void>
  /**
   * Lets a file take no space beside an equal one of the same name under another key; each is still removed by itself.
   * Nothing happens if they differ, or it cannot be done. Missing where it never can.
   */
  shareFile?(name: string, key: string, otherKey: string): Promise<void>
  /** Opens a file, or a part of it; undefined if there is none. `size`: of what is given, in bytes. */
  open(key: string, name: string, range?: ByteRange): Promise<{ size: number; stream: Readable } | undefined>
  /** Returns the size of a file in bytes; undefined if there is none. */
  sizeOf(key: string, name: string): Promise<number | undefined>
  /** Returns an address of the file outside of this server, good for `addressTtlSeconds`. Missing where there are none. */
  addressOf?(key: string, name: string): Promise<string>
  /** Removes every file under a key; no error if there is none. */
  remove(key: string): Promise<void>
  /** Removes one file; no error if there is none. */
  removeFile(key: string, name: string): Promise<void>
  /** Lists everything that is kept, in the order of the keys. */
  list(): AsyncIterable<KeptEntry>
  /** Makes it ready for use, and removes what an end in the middle of `save` has left. Only while nobody saves. */
  sweep(): Promise<void>
  /** Removes parts of files that began to be kept before then, in milliseconds since 1970, and never were as a whole. */
  forgetUnfinished(begunBefore: number): Promise<void>
  /** Closes what is open. */
  close(): Promise<void>
}

/** Where files wait until all of a key are there. */
export interface Aside {
  /** Returns the folder for the files of a key; `writeAside` puts them there. */
  folderOf(key: string): string
  /** Whether they must be on the disk, not only in the system's memory. */
  readonly sync: boolean
  /** Keeps all that was put there for a new key, as `save` does. */
  keep(key: string): Promise<void>
}

/** What began to be kept this long ago is not going on any more. */
export const abandonedMs = 24 * 60 * 60 * 1000

/** How long an address of `addressOf` is good for. */
export const addressTtlSeconds = 3600

/** Keys are random: 128 bits in hexadecimal digits. */
export const isKey = (text: string): boolean => /^[0-9a-f]{32}$/.test(text)

const contentTypes: Record<string, string> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  mp4: 'video/mp4',
}

/** Returns what a file is served as, by the ending that it was given when its content was checked. */
export function contentTypeOf(name: string): string | undefined {
  return contentTypes[name.slice(name.lastIndexOf('.') + 1)]
}
