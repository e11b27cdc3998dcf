/**
 * What others offer who want a Pinterest to test against: servers that make up an answer from a description of an API.
 * They are installed from npm into the run's folder, so this row needs a registry.
 */
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '@pinfold/test-support/free-port'
import { compare, type Effort, type Side } from '../compare.ts'
import { ask, load, request } from '../load.ts'
import { type Measured, startPeer } from '../processes.ts'
import type { Row } from '../report.ts'
import { anyPin } from './reads.ts'
import { type Workbench, whileRunning, withPinfold } from './workbench.ts'

interface Peer {
  name: string
  package: string
  version: string
  /** The program in the package's folder. */
  program: string
  /** Its arguments to serve a description on a port. */
  args(description: string, port: number): string[]
  /** What it prints once it listens. */
  readyLine: string
  /** The path of a Pin in the description, as the peer serves it. */
  path: string
}

const known: readonly Peer[] = [
  {
    name: 'Prism',
    package: '@stoplight/prism-cli',
    version: '5.16.0',
    program: 'dist/index.js',
    args: (description, port) => ['mock', '--host', '127.0.0.1', '--port', String(port), description],
    readyLine: 'Prism is listening on',
    path: '/pins/123',
  },
  {
    name: 'Mockoon',
    package: '@mockoon/cli',
    version: '9.9.0',
    program: 'bin/run.js',
    args: (description, port) => [
      ...['start', '--data', description, '--hostname', '127.0.0.1', '--port', String(port)],
      '--disable-log-to-file',
    ],
    readyLine: 'Server started on port',
    path: '/v5/pins/123',
  },
]

/** The peers serve the description that `PINTEREST_DESCRIPTION` names, or else Pinfold's own. */
export async function peers(bench: Workbench): Promise<Row[]> {
  const effort: Effort = bench.quick
    ? { warmUp: 50, blocks: 1, rounds: 1, perRound: 50 }
    : { warmUp: 1_000, blocks: 3, rounds: 3, perRound: 1_000 }
  await install(bench.folder)
  return withPinfold(bench, async (pinfold) => {
    const description = process.env.PINTEREST_DESCRIPTION ?? (await ownDescription(bench, pinfold))
    const ours = side(pinfold, `/v5/pins/${await anyPin(pinfold, bench)}`, bench)
    const rows: Row[] = []
    for (const peer of known)
      rows.push({
        name: `GET a Pin, beside ${peer.name} ${peer.version}`,
        floorIs: 'an answer made up from the description',
        unit: 'µs CPU',
        ...(await whileRunning(await startOne(bench, peer, description), (process) =>
          compare(side(process, peer.path, bench), ours, effort),
        )),
        target: { ratio: 0.1 },
      })
    return rows
  })
}

const install = (folder: string) =>
  promisify(execFile)('npm', [
    ...['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--no-save'],
    ...known.map((peer) => `${peer.package}@${peer.version}`),
  ])

async function startOne(bench: Workbench, peer: Peer, description: string): Promise<Measured> {
  const port = await freePort()
  const program = join(bench.folder, 'node_modules', peer.package, peer.program)
  const log = join(bench.folder, `${peer.name}.log`)
  return startPeer(program, peer.args(description, port), peer.readyLine, `http://127.0.0.1:${port}`, log)
}

function side(process: Measured, path: string, bench: Workbench): Side {
  const text = request('GET', path, bench.token)
  return { process, work: (count) => load(process.url, { count, connections: 4, request: () => text, status: 200 }) }
}

async function ownDescription(bench: Workbench, pinfold: Measured): Promise<string> {
  const file = join(bench.folder, 'description.json')
  await writeFile(file, (await ask(pinfold.url, request('GET', '/openapi.json', bench.token))).body)
  return file
}
