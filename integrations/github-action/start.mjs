import { spawn } from 'node:child_process'
import { appendFileSync, closeSync, existsSync, mkdtempSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

// The first half of the action: starts a server, and hands its address and credentials to the steps that follow. The
// runner gives the inputs as INPUT_…, and reads variables, outputs and what stop.mjs must know from files.

const { GITHUB_ENV, GITHUB_OUTPUT, GITHUB_STATE, RUNNER_TEMP = tmpdir() } = process.env
const input = (name) => (process.env[`INPUT_${name.toUpperCase()}`] ?? '').trim()
const words = (text) => text.split(/\s+/).filter(Boolean)

const folder = mkdtempSync(join(RUNNER_TEMP, 'pinfold-'))
const envFile = join(folder, 'env')
const logFile = join(folder, 'log')
const packages = ['node@26', ...words(input('package') || 'pinfold')].map((name) => `--package=${name}`)
const serve = ['serve', '--ephemeral', '--port', input('port') || '0', '--seed', input('seed') || 'demo']
const log = openSync(logFile, 'a')

// In a process group of its own, so that all of it can be stopped, and it outlives this step.
const server = spawn(
  'npx',
  ['--yes', ...packages, 'pinfold', ...serve, '--write-env', envFile, ...words(input('options'))],
  {
    detached: true,
    stdio: ['ignore', log, log],
  },
)
closeSync(log)
let failure
server.once('error', (error) => (failure = error.message)).once('exit', (code) => (failure ??= `it ended with ${code}`))
if (GITHUB_STATE) appendFileSync(GITHUB_STATE, `pid=${server.pid ?? ''}\nlog=${logFile}\n`)

const deadline = Date.now() + Number(input('timeout') || '180') * 1000
while (!existsSync(envFile) || statSync(envFile).size === 0) {
  if (Date.now() > deadline) failure ??= 'it took too long'
  if (failure !== undefined) {
    console.log(`::error title=Pinfold did not start::${failure}. What it said last:\n${endOf(logFile)}`)
    process.exit(1)
  }
  await sleep(100)
}
server.unref()

const variables = readFileSync(envFile, 'utf8').replaceAll(/^export /gm, '')
const url = /^PINTEREST_API_URI=(.*)$/m.exec(variables)?.[1] ?? ''
if (GITHUB_ENV) appendFileSync(GITHUB_ENV, variables)
if (GITHUB_OUTPUT) appendFileSync(GITHUB_OUTPUT, `url=${url}\n`)
console.log(`Pinfold is ready at ${url}`)

/** The last 4,000 bytes of a file, with a line break as an annotation needs it. */
function endOf(path) {
  const file = openSync(path, 'r')
  const size = statSync(path).size
  const bytes = Buffer.alloc(Math.min(size, 4000))
  readSync(file, bytes, 0, bytes.length, size - bytes.length)
  closeSync(file)
  return bytes.toString().replaceAll('%', '%25').replaceAll('\n', '%0A')
}
