/**
 * `npm run bench`: the cost of Pinfold, each figure beside a floor that is measured in the same run. See
 * docs/benchmarks.md. Exits with 0 if it could measure, whatever the results.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { demoCredentials } from '@pinfold/server'
import { fillCommand } from './fill/fill.ts'
import { noticeNoise } from './quiet.ts'
import { judge, type Row, summary, table } from './report.ts'
import { adAccountAnalytics, createAds, listCampaigns } from './rows/ads.ts'
import { accountAnalytics, pinAnalytics, readWhileCounting, takeEvents } from './rows/analytics.ts'
import { controls } from './rows/controls.ts'
import { createBoard } from './rows/create-board.ts'
import { createPin } from './rows/create-pin.ts'
import { fleet } from './rows/fleet.ts'
import { followers } from './rows/follows.ts'
import { idleControls } from './rows/idle-controls.ts'
import { manyClients } from './rows/many-clients.ts'
import { peers } from './rows/peers.ts'
import { getPage, getPages, getPin, listAdAccounts } from './rows/reads.ts'
import { requestLog } from './rows/request-log.ts'
import { scale } from './rows/scale.ts'
import { colourSearch, duplicates, indexPin, ownSearch, publicSearch, relatedPins } from './rows/search.ts'
import { start } from './rows/start.ts'
import { toolCall } from './rows/tool-call.ts'
import { firstVisit, longScroll, manyPins } from './rows/web.ts'
import { type Workbench, withPinfold } from './rows/workbench.ts'

/** The parts by name. Each returns one row of the table or more. */
const parts: Record<string, (bench: Workbench) => Promise<Row | Row[]>> = {
  pin: getPin,
  'request-log': requestLog,
  'idle-controls': idleControls,
  peers,
  page: getPage,
  pages: getPages,
  followers,
  'ad-accounts': listAdAccounts,
  campaigns: listCampaigns,
  ads: createAds,
  'ad-analytics': adAccountAnalytics,
  board: createBoard,
  picture: createPin,
  fleet,
  clients: manyClients,
  events: takeEvents,
  'pin-analytics': pinAnalytics,
  'account-analytics': accountAnalytics,
  'read-while-counting': readWhileCounting,
  'own-search': ownSearch,
  'public-search': publicSearch,
  related: relatedPins,
  'colour-search': colourSearch,
  duplicates,
  index: indexPin,
  scale,
  tool: toolCall,
  controls,
  start,
  web: firstVisit,
  'web-scroll': longScroll,
  'web-many': manyPins,
}

const help = `Usage: npm run bench -- [--quick] [--json] [${Object.keys(parts).join('|')}]…
       npm run bench -- fill TO [--help]  make a data folder with many Pins

  --quick  run every part once, to see that it runs; the figures say little
  --data F for \`scale\`: a filled folder, which is written to. Give two or more, the smallest first
  --json   print the rows as JSON
  --help   print this`

if (process.argv[2] === 'fill') await fillCommand(process.argv.slice(3))
else await benchCommand()

async function benchCommand(): Promise<void> {
  const { values: options, positionals } = parseArgs({
    options: {
      ...{ quick: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
      data: { type: 'string', multiple: true },
    },
    allowPositionals: true,
  })
  const unknown = positionals.filter((name) => !(name in parts))
  if (unknown.length > 0) {
    console.error(`bench: there is no part ${unknown.join(', ')}.\n\n${help}`)
    process.exitCode = 2
  } else if (options.help) console.log(help)
  else await run(positionals.length > 0 ? positionals : Object.keys(parts), options)
}

async function run(names: string[], options: { quick?: boolean; json?: boolean; data?: string[] }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-bench-'))
  try {
    const { quick = false, data: folders = [] } = options
    const rows = await measure(names, { folder, quick, folders, token: demoCredentials.accessToken })
    const judged = rows.map(judge)
    console.log(options.json ? JSON.stringify(judged, null, 2) : `${table(judged)}\n\n${summary(judged)}`)
    // A quick run says little, and would be kept as the best.
    const warning = options.quick ? undefined : await noticeNoise(rows)
    if (warning !== undefined) console.error(`\nbench: ${warning}`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(names: string[], bench: Workbench): Promise<Row[]> {
  console.error('filling a data folder with the demo seed')
  await withPinfold(bench, async () => {})
  const rows: Row[] = []
  for (const [name, part] of Object.entries(parts)) {
    if (!names.includes(name)) continue
    console.error(`measuring: ${name}`)
    rows.push(...[await part(bench)].flat())
  }
  return rows
}
