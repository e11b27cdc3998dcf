#!/usr/bin/env -S node --
// The way in, for any Node: plain JavaScript in CommonJS, which an old one can read too. The program itself is
// TypeScript that Node 24.7 and newer run as it is; an older Node hands over to the one that `npm ci` brings.
// The `--` keeps Node from taking `--env-file`, an option of ours, for its own.
async function main() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 24 || (major === 24 && minor >= 7)) {
    // What Node compiled at the last start is kept, which is a third of the time of a start and a fifth of its memory.
    const { enableCompileCache } = await import('node:module')
    const { join } = await import('node:path')
    enableCompileCache(join(__dirname, '../node_modules/.cache/pinfold'))
    const { run } = await import('../program/program.ts')
    return run(process.argv)
  }
  const { existsSync } = await import('node:fs')
  const { join } = await import('node:path')
  const newer = join(__dirname, '../../../node_modules/node/bin/node')
  if (!existsSync(newer)) {
    console.error(
      `pinfold: it needs Node 24.7 or newer, and this is ${process.versions.node}. In a checkout, run npm ci first.`,
    )
    process.exitCode = 2
    return
  }
  const { spawn } = await import('node:child_process')
  const child = spawn(newer, ['--', __filename, ...process.argv.slice(2)], { stdio: 'inherit' })
  process.on('SIGINT', () => child.kill('SIGINT'))
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  process.on('SIGHUP', () => child.kill('SIGHUP'))
  const { constants } = await import('node:os')
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === null ? 1 : 128 + constants.signals[signal])
  })
}

void main()
