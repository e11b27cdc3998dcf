import type { Readable } from 'node:stream'

/** A file to store: its bytes, or a stream of them, which is read once. */
export interface NewFile {
  name: string
  bytes: Buffer | Readable
}

/** A stored file. */
export interface KeptFile {
  name: string
  /** In bytes. */
  size: number
  /** When it was written, in milliseconds since 1970. */
  writtenAt: number
}

/** The files of one key. */
export interface KeptEntry {
  key: string
  files: KeptFile[]
}

/** A part of a file: its first and last byte, from 0. */
export interface ByteRange {
  start: number
  end: number
}

/**
 * The storage of pictures and videos: each key has a few named files, which never change. Every method throws
 * `StorageUnavailable` when a service does not answer, or the file system's error (a full disk, for example).
 */
export interface MediaStorage {
  /**
   * Where files can be prepared before they are stored, also by another process; undefined where they are sent
   * elsewhere.
   */
  readonly aside?: Aside
  /** Stores all files under a new key. Once it resolves they survive a crash; when it throws none is left. */
  save(key: string, files: readonly NewFile[]): Promise<void>
  /** Stores a file under an existing key, replacing the one of that name. */
  replace(key: string, file: NewFile): Promise<void>
  /**
   * Lets a file share the disk space of an equal one of the same name under another key; each is still removed
   * separately. Does nothing if they differ, or it is not possible. Missing where it never is.
   */
  shareFile?(name: string, key: string, otherKey: string): Promise<void>
  /** Opens a file, or a part of it; undefined if there is none. `size`: of the stream, in bytes. */
  open(key: string, name: string, range?: ByteRange): Promise<{ size: number; stream: Readable } | undefined>
  /** Returns the size of a file in bytes; undefined if there is none. */
  sizeOf(key: string, name: string): Promise<number | undefined>
  /**
   * Returns an address of the file outside of this server, valid for `addressTtlSeconds`. Missing where there are none.
   */
  addressOf?(key: string, name: string): Promise<string>
  /** Removes every file under a key; no error if there is none. */
  remove(key: string): Promise<void>
  /** Removes one file; no error if there is none. */
  removeFile(key: string, name: string): Promise<void>
  /** Yields everything that is stored, in the order of the keys. */
  list(): AsyncIterable<KeptEntry>
  /** Prepares it for use, and removes what an interrupted `save` has left: of others that may be saving, what is old. */
  sweep(): Promise<void>
  /** Removes parts of files whose upload began before then, in milliseconds since 1970, and never finished. */
  forgetUnfinished(begunBefore: number): Promise<void>
  /** Leaves a mark, by which servers see that they have the same storage. `name`: as a key. */
  addMark(name: string): Promise<void>
  /** Returns whether there is a mark. */
  hasMark(name: string): Promise<boolean>
  /** Removes a mark; no error if there is none. */
  removeMark(name: string): Promise<void>
  /** Closes connections and files. */
  close(): Promise<void>
}

/** The folder of a key's files until all of them are written. */
export interface Aside {
  /** Returns the folder for the files of a key, to be written by `writeAside`. */
  folderOf(key: string): string
  /** Whether they must be on disk, not only in the system's memory. */
  readonly sync: boolean
  /** Stores all files in that folder under a new key, as `save` does. */
  keep(key: string): Promise<void>
}

/** Uploads that began this long ago were abandoned. */
export const abandonedMs = 24 * 60 * 60 * 1000

/** How long an address of `addressOf` is valid. */
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

/** Returns the media type of a file, by the extension that it was given when its content was checked. */
export function contentTypeOf(name: string): string | undefined {
  return contentTypes[name.slice(name.lastIndexOf('.') + 1)]
}
