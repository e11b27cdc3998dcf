/**
 * `npm run torture`: traffic of many accounts, each of which knows what was acknowledged, while servers are killed,
 * connections break, the disk fills and clocks jump. See docs/torture.md. Exits with 1 if anything was lost, applied twice,
 * shown to others or left behind.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { picture } from '@pinfold/test-support/pictures'
import { randomOf } from '@pinfold/test-support/random'
import { type Account, accountOf } from './account.ts'
import { callerOf, Violation } from './caller.ts'
import { faultsOf, scheduleOf } from './faults.ts'
import { memoryWatch } from './memory.ts'
import { startReceiver } from './receiver.ts'
import { seedFile } from './seed-file.ts'
import { embedded } from './set-ups/embedded.ts'
import { fleet } from './set-ups/fleet.ts'

const help = `Usage: npm run torture -- [--minutes N] [--seed N] [--set-up embedded|fleet] [--accounts N] [--keep]

  --minutes   how long (default: 1)
  --seed      which faults and requests; the same number has the same ones (default: another each time)
  --set-up    embedded: a server on SQLite. fleet: two on PostgreSQL, S3 and Redis (default: embedded)
  --accounts  how many send requests at once (default: 6)
  --pause     the mean pause of an account between two requests, in ms (default: 40)
  --keep      keep the data and the logs`

const { values } = parseArgs({
  options: {
    ...{
      minutes: { type: 'string', default: '1' },
      seed: { type: 'string' },
      'set-up': { type: 'string', default: 'embedded' },
    },
    ...{ accounts: { type: 'string', default: '6' }, pause: { type: 'string', default: '40' } },
    ...{ keep: { type: 'boolean' }, help: { type: 'boolean' } },
  },
})
const [minutes, accountCount, pauseMs] = [Number(values.minutes), Number(values.accounts), Number(values.pause)]
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9))
if (
  values.help ||
  !(minutes > 0 && accountCount > 0 && seed >= 0) ||
  !['embedded', 'fleet'].includes(values['set-up'])
) {
  console.log(help)
  process.exit(values.help ? 0 : 2)
}

const folder = mkdtempSync(join(tmpdir(), 'pinfold-torture-'))
const seedPath = join(folder, 'seed.json')
const people = Array.from({ length: accountCount }, (_, i) => ({
  name: `person_${i}`,
  token: `pina_torture_${i}_0000000000`,
}))
writeFileSync(seedPath, JSON.stringify(seedFile(people)))
console.log(`torture: ${values['set-up']}, ${minutes} minutes, --seed ${seed}, in ${folder}`)

const place = { folder, seed: seedPath }
const setUp = values['set-up'] === 'fleet' ? await fleet(place, seed) : await embedded(place, seed)
const receiver = await startReceiver()
const begunAt = Date.now()
const endAt = begunAt + minutes * 60_000
const violations: string[] = []
let isOver = false
let caller = callerOf(() => [], randomOf(seed))

try {
  for (const node of setUp.nodes) await node.start()
  const pictures = await Promise.all(
    Array.from({ length: 40 }, async (_, hue) => (await picture({ hue })).toString('base64')),
  )
  const urls = () => setUp.wires.map(({ port }) => `http://127.0.0.1:${port}`)
  caller = callerOf(urls, randomOf(seed, 1))
  const accounts = people.map(({ name, token }, i) =>
    accountOf({
      ...{ name, token, caller, pictures, begunAt },
      random: randomOf(seed, 100 + i),
      webhook: `${receiver.url}/${name}`,
    }),
  )
  for (const account of accounts) await account.begin()

  const all = faultsOf(setUp, receiver)
  const memory = memoryWatch(setUp.nodes)
  const happened = new Map<string, number>()
  const faults = (async () => {
    for (const { fault, after, random } of scheduleOf(all, randomOf(seed, 2), minutes * 60_000)) {
      await pause(after)
      if (isOver || Date.now() > endAt) return
      await fault.happen(random)
      happened.set(fault.name, (happened.get(fault.name) ?? 0) + 1)
    }
  })()
  await Promise.all([faults, ...accounts.map((account, i) => traffic(account, accounts, randomOf(seed, 500 + i)))])
  memory.stop()

  for (const node of setUp.nodes) if (node.port() === 0) await node.start()
  await tellWhatWaits(urls)
  for (const account of accounts) await account.check().catch(note)
  await expectTold(accounts)
  for (const node of setUp.nodes) {
    const code = await node.end('SIGTERM')
    if (code !== 0) violations.push(`a server ended with ${code}`)
  }
  for (const node of setUp.nodes)
    if (node.crashes() > 0)
      violations.push(`a server ended by itself, ${node.crashes()} times: --keep, and see its log`)
  await setUp.problems().then((problems) => violations.push(...problems), note)
  // In less, V8 may not have collected anything meanwhile.
  if (minutes >= 10) violations.push(...memory.problems())

  const { answered, writes, retries, unavailable } = caller.counts
  console.log(
    `${answered} answers, ${writes} of writes; ${retries} tries without one, ${unavailable} of them with 503; ` +
      `${setUp.wires.reduce((sum, wire) => sum + wire.broken(), 0)} connections broken; memory ${memory.told()}`,
  )
  for (const [name, times] of [...happened].sort()) console.log(`  ${times} × ${name}`)
} catch (error) {
  note(error)
} finally {
  isOver = true
  for (const node of setUp.nodes) await node.end('SIGKILL')
  receiver.close()
  await setUp.close()
}
for (const violation of violations) console.log(`VIOLATION: ${violation}`)
console.log(
  violations.length === 0
    ? 'Nothing was lost, applied twice, shown to others or left behind.'
    : `Again: --seed ${seed}`,
)
if (values.keep) console.log(`The data and the logs are in ${folder}.`)
else rmSync(folder, { recursive: true, force: true })
process.exit(violations.length === 0 ? 0 : 1)

function note(error: unknown): void {
  violations.push(error instanceof Violation ? error.message : String((error as Error).stack ?? error))
}

/** Sends the requests of an account until the time is over. */
async function traffic(account: Account, all: readonly Account[], random: ReturnType<typeof randomOf>): Promise<void> {
  const others = all.filter((other) => other !== account)
  try {
    while (!isOver && Date.now() < endAt) {
      await account.step(others)
      await pause(random.below(2 * pauseMs))
    }
  } catch (error) {
    note(error)
    isOver = true
  }
}

/** Webhooks that wait for a time that the clock jumped to and came back from: it goes there again. */
async function tellWhatWaits(urls: () => string[]): Promise<void> {
  for (const url of urls())
    await fetch(`${url}/_pinfold/clock/advance`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ by: '3h' }),
    })
}

/** Waits until every Pin that was made was told, for two minutes at most. */
async function expectTold(accounts: readonly Account[]): Promise<void> {
  const lacking = () =>
    accounts.flatMap(({ name, model }) => [...model.made].filter((id) => !receiver.told(`/${name}`).has(id)))
  for (const until = Date.now() + 120_000; lacking().length > 0 && Date.now() < until; ) await pause(200)
  if (lacking().length > 0) violations.push(`of ${lacking().length} Pins no webhook told: ${lacking().slice(0, 5)}`)
}
