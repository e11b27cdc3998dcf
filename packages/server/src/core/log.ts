import { type Logger, pino } from 'pino'

/** What must never be in a log, wherever it turns up in what is logged. */
const redact = {
  paths: ['req.headers.authorization', 'req.headers.cookie', 'headers.authorization', 'headers.cookie'],
  censor: '…',
}

/** What the log tells of a request. */
export interface RequestNote {
  rid: string
  method: string
  /** Without the query, which can hold codes and tokens. */
  path: string
  status: number
  ms: number
}

export interface ServerLog {
  log: Logger
  noteRequest(note: RequestNote): void
}

/** The server's log on standard output: a line of JSON each, or a readable line on a terminal. */
export async function makeLog(form: 'json' | 'pretty' | undefined): Promise<ServerLog> {
  if (form === undefined) return { log: pino({ level: 'silent' }), noteRequest: () => {} }
  if (form === 'json') {
    // A page of lines at a time, for writing a line costs more than making it; none waits longer than this.
    const lines = pino.destination({ sync: true, maxLength: 1_000_000, minLength: 4096, periodicFlush: 100 })
    process.once('exit', () => lines.flush())
    lines.on('error', () => {}) // On a full disk, say: what cannot be logged is answered all the same.
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

/** The line that pino would write, which is most of the log, in a quarter of its time. */
function requestLine({ rid, method, path, status, ms }: RequestNote): string {
  const what = `"rid":"${rid}","method":"${method}","path":${JSON.stringify(path)},"status":${status},"ms":${ms}`
  return `{"level":30,"time":${Date.now()},${what},"msg":"request"}\n`
}
