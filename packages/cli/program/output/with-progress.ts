/** On a terminal one line that is updated; elsewhere a line every few seconds. */
const [terminalMs, plainMs] = [200, 5000]

/** Runs `work` and returns its result; prints progress to stderr. */
export async function withProgress<T>(line: () => string, work: () => Promise<T>): Promise<T> {
  const { isTTY } = process.stderr
  const tell = () => process.stderr.write(isTTY ? `\r\u001b[K${line()}` : `${line()}\n`)
  const timer = setInterval(tell, isTTY ? terminalMs : plainMs)
  try {
    return await work()
  } finally {
    clearInterval(timer)
    if (isTTY) process.stderr.write('\r\u001b[K')
  }
}
