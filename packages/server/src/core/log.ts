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
    // Lines are written many at a time, since writing costs more than formatting; none waits longer than this.
    const lines = pino.destination({ sync: true, maxLength: 1_000_000, minLength: 16_000, periodicFlush: 100 })
    process.once('exit', () => lines.flush())
    lines.on('error', () => {}) // On a full disk, for example: requests are answered even if they cannot be logged.
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

/** Formats the line that pino would write for a request, the bulk of the log, in a quarter of pino's time. */
function requestLine({ rid, method, path, status, ms }: RequestNote): string {
  const what = `"rid":"${rid}","method":"${method}","path":${JSON.stringify(path)},"status":${status},"ms":${ms}`
  return `{"level":30,"time":${Date.now()},${what},"msg":"request"}\n`
}
