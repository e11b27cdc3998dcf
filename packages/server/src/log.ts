import { type Logger, pino } from 'pino'

/** What must never be in a log, wherever it turns up in what is logged. */
const redact = {
  paths: ['req.headers.authorization', 'req.headers.cookie', 'headers.authorization', 'headers.cookie'],
  censor: '…',
}

/** The server's log on standard output: a line of JSON each, or a readable line on a terminal. */
export async function makeLog(form: 'json' | 'pretty' | undefined): Promise<Logger> {
  if (form === undefined) return pino({ level: 'silent' })
  if (form === 'json') {
    // A page of lines at a time, for writing a line costs more than making it; none waits longer than this.
    const lines = pino.destination({ sync: true, maxLength: 1_000_000, minLength: 4096, periodicFlush: 100 })
    process.once('exit', () => lines.flushSync())
    lines.on('error', () => {}) // On a full disk, say: what cannot be logged is answered all the same.
    return pino({ base: null, redact }, lines)
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
  return pino({ base: null, redact }, lines)
}
