import { type Logger, pino } from 'pino'

/** Secrets that must never be logged, wherever they appear. */
const redact = {
  paths: ['req.headers.authorization', 'req.headers.cookie', 'headers.authorization', 'headers.cookie'],
  censor: '…',
}

/** The fields of a request in the log. */
export interface RequestNote {
  rid: string
  method: string
  /** Without the query, which can contain codes and tokens. */
  path: string
  status: number
  ms: number
}

export interface ServerLog {
  log: Logger
  noteRequest(note: RequestNote): void
}

/** Makes the server's log on standard output: one JSON object per line, or a readable line on a terminal. */
export async function makeLog(form: 'json' | 'pretty' | undefined): Promise<ServerLog> {
  if (form === undefined) return { log: pino({ level: 'silent' }), noteRequest: () => {} }
  if (form === 'json') {
    const file = pino.destination({ sync: true, maxLength: 1_000_000 })
    file.on('error', () => {}) // On a full disk, for example: requests are answered even if they cannot be logged.
    const lines = new Lines((text) => file.write(text))
    process.once('exit', () => {
      lines.flush()
      file.flush()
    })
    return { log: pino({ base: null, redact }, lines), noteRequest: (note) => lines.write(requestLine(note)) }
  }
  const { default: pretty } = await import('pino-pretty')
  const lines = pretty({
    colorize: true,
    translateTime: 'HH:MM:ss',
    ignore: 'pid,hostname,rid,method,path,status,ms,account,app',
    messageFormat: (line, messageKey) =>
      line.method === undefined ? String(line[messageKey]) : `${line.method} ${line.path} ${line.status} ${line.ms} ms`,
    sync: true,
  })
  const log = pino({ base: null, redact }, lines)
  return { log, noteRequest: (note) => log.info(note, 'request') }
}

/**
 * Lines that are written many at a time, since writing costs more than formatting, and putting a line's pieces together as
 * much as all of its pieces: that is done once for all.
 */
class Lines {
  readonly #send: (text: string) => void
  #waiting: string[] = []
  #length = 0
  #timer: NodeJS.Timeout | undefined

  constructor(send: (text: string) => void) {
    this.#send = send
  }

  write(line: string): void {
    this.#waiting.push(line)
    this.#length += line.length
    if (this.#length >= mostLength) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), waitMs).unref()
  }

  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#length === 0) return
    const text = this.#waiting.join('')
    this.#waiting = []
    this.#length = 0
    this.#send(text)
  }
}

/** So many characters wait at most… */
const mostLength = 16_000
/** …and so long. */
const waitMs = 100

/** Formats the line that pino would write for a request, the bulk of the log, in a quarter of pino's time. */
function requestLine({ rid, method, path, status, ms }: RequestNote): string {
  const what = `"rid":"${rid}","method":"${method}","path":${JSON.stringify(path)},"status":${status},"ms":${ms}`
  return `{"level":30,"time":${Date.now()},${what},"msg":"request"}\n`
}
