/** The service that stores the files is failing. `message` says why, and holds no secrets. */
export class StorageUnavailable extends Error {}

/** The database cannot be reached, or the connection to it broke. */
export class DatabaseAway extends Error {
  /** Whether it broke while a write was stored, so that nobody knows whether it is. */
  readonly isOutcomeUnknown: boolean

  constructor({ cause, isOutcomeUnknown = false }: { cause: unknown; isOutcomeUnknown?: boolean }) {
    super('The database does not answer.', { cause })
    this.isOutcomeUnknown = isOutcomeUnknown
  }
}

/** Returns after how many seconds a request may succeed that failed because of the database; undefined: nobody knows. */
export const retrySeconds = (error: unknown): number | undefined =>
  isDatabaseAway(error) || isDatabaseSlow(error) ? 2 : undefined

/**
 * Returns which resource the server lacks now, in a sentence, if that is why something failed. Then the request was not
 * at fault, and may succeed later.
 */
export function whyUnavailable(error: unknown): string | undefined {
  if (isDiskFull(error)) return 'Its disk is full.'
  if (isDiskFailure(error)) return 'Its disk fails.'
  if (isOutOfFiles(error)) return 'It has too many files and connections open.'
  if (error instanceof DatabaseAway && error.isOutcomeUnknown)
    return 'Its database was lost while this was stored, so that it may be stored or not: look before you send it again.'
  if (isDatabaseSlow(error)) return 'Its database takes too long.'
  if (isDatabaseAway(error)) return 'Its database does not answer.'
  if (error instanceof StorageUnavailable) return 'The storage of its media does not answer.'
  return undefined
}

/** PostgreSQL cannot be reached, or says that the connection is of no use. */
function isDatabaseAway(error: unknown): boolean {
  if (error instanceof DatabaseAway) return true
  const { code, syscall } = error as { code?: unknown; syscall?: unknown }
  const refused = syscall === 'connect' && (code === 'ECONNREFUSED' || code === 'ENOENT' || code === 'ETIMEDOUT')
  return refused || code === 'ECONNRESET' || code === 'EPIPE' || saysConnectionLost(error)
}

/**
 * Returns whether PostgreSQL or its driver says that a connection is of no use any more: it shuts down or starts (class 57P), broke the
 * connection (class 08), takes no more of them (53300), or has become, or is still, the copy of another (25006).
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function saysConnectionLost(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown }
  if (typeof code === 'string') return /^(57P|08|53300$|25006$)/.test(code)
  return typeof message === 'string' && driverWords.test(message)
}

/** What `pg` says: its errors have no code. */
const driverWords =
  /^(Connection terminated|Client (has encountered a connection error|was closed)|timeout exceeded when trying to connect|timeout expired)/

/** PostgreSQL has cancelled a statement after its time. */
const isDatabaseSlow = (error: unknown): boolean => (error as { code?: unknown }).code === '57014'

/** Reported by the file system, which may also have a quota or a largest file size, or by SQLite (SQLITE_FULL). */
function isDiskFull(error: unknown): boolean {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown }
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG' || errcode === 13
}

/**
 * Reported by the file system, sockets and processes; a limit of this process, or of the system. SQLite says that it
 * cannot open a file.
 */
function isOutOfFiles(error: unknown): boolean {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown }
  return code === 'EMFILE' || code === 'ENFILE' || (typeof errcode === 'number' && (errcode & 0xff) === 14)
}

/** Reported by the file system, or by SQLite (SQLITE_IOERR, whose kinds are in the higher bits). */
function isDiskFailure(error: unknown): boolean {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown }
  return code === 'EIO' || code === 'EROFS' || (typeof errcode === 'number' && (errcode & 0xff) === 10)
}
