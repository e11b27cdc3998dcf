/** The service that keeps the files does not do what it is asked. `message` says why, and holds no secrets. */
export class StorageUnavailable extends Error {}

/**
 * What the server needs and does not have now, in a sentence, if that is why something failed. Then it is nobody's
 * fault who asked, and may work later.
 */
export function whyUnavailable(error: unknown): string | undefined {
  if (isDiskFull(error)) return 'Its disk is full.'
  if (isDiskFailure(error)) return 'Its disk fails.'
  if (isOutOfFiles(error)) return 'It has too many files and connections open.'
  if (isDatabaseAway(error)) return 'Its database does not answer.'
  if (error instanceof StorageUnavailable) return 'The storage of its media does not answer.'
  return undefined
}

/** PostgreSQL that cannot be reached, shuts down (class 57P) or breaks the connection (class 08). */
function isDatabaseAway(error: unknown): boolean {
  const { code, syscall } = error as { code?: unknown; syscall?: unknown }
  const refused = syscall === 'connect' && (code === 'ECONNREFUSED' || code === 'ENOENT' || code === 'ETIMEDOUT')
  return refused || (typeof code === 'string' && /^(57P|08)/.test(code))
}

/** From the file system, which may also have a quota or a largest size for a file, or from SQLite (SQLITE_FULL). */
function isDiskFull(error: unknown): boolean {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown }
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG' || errcode === 13
}

/** From the file system, sockets and processes; of this process, or of all. SQLite says that it cannot open a file. */
function isOutOfFiles(error: unknown): boolean {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown }
  return code === 'EMFILE' || code === 'ENFILE' || (typeof errcode === 'number' && (errcode & 0xff) === 14)
}

/** From the file system, or from SQLite (SQLITE_IOERR, whose kinds stand in the higher bits). */
function isDiskFailure(error: unknown): boolean {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown }
  return code === 'EIO' || code === 'EROFS' || (typeof errcode === 'number' && (errcode & 0xff) === 10)
}
