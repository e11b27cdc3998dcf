/** Searches and related Pins among a million, and what the index of search adds to making a Pin. */
import { execFile } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { compare, type Effort, type Side } from '../compare.ts'
import { ask, load, request } from '../load.ts'
import { commented, photo } from '../photo.ts'
import { wordAt } from '../processes/words.ts'
import type { Measured } from '../processes.ts'
import type { Row } from '../report.ts'
import { anyPin } from './reads.ts'
import { call, keepAnswer, type Workbench, withFloor, withPinfold } from './workbench.ts'

/** A workbench whose data folder has many Pins. */
export interface Filled extends Workbench {
  /** The id of the demo's account. */
  owner: number
  /** The id of a Pin that was saved from another one. */
  save: string
  /** The id of a Pin of the demo's account that looks like others. */
  alike: string
  /** How many Pins there are, and how many of them the demo's account has. */
  pins: number
  own: number
}

const filled = new Map<string, Promise<Filled>>()

/** Fills a copy of the data folder with a million Pins, once in a run. */
export function withManyPins(bench: Workbench): Promise<Filled> {
  const [pins, own] = bench.quick ? [2000, 1000] : [1_000_000, 200_000]
  const there = filled.get(bench.folder) ?? fillPins(bench, { name: 'many Pins', pins, own })
  filled.set(bench.folder, there)
  return there
}

/** Fills a copy of the data folder with Pins, of which the demo's account has `own`. */
export async function fillPins(
  bench: Workbench,
  { name, pins, own }: { name: string; pins: number; own: number },
): Promise<Filled> {
  const folder = join(bench.folder, name)
  await cp(join(bench.folder, 'data'), join(folder, 'data'), { recursive: true })
  console.error(`filling in ${pins} Pins`)
  const program = fileURLToPath(new URL('../processes/fill-pins.ts', import.meta.url))
  const args = [program, join(folder, 'data/pinfold.db'), String(pins), String(own)]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return { ...bench, folder, pins, own, ...(JSON.parse(stdout) as { save: string; alike: string; owner: number }) }
}

const effortOf = ({ quick }: Workbench): Effort =>
  quick ? { warmUp: 5, blocks: 1, rounds: 1, perRound: 20 } : { warmUp: 200, blocks: 3, rounds: 3, perRound: 100 }

const millis = ({ floor, ours }: { floor: number; ours: number }) => ({ floor: floor / 1000, ours: ours / 1000 })

const asking = (process: Measured, path: string, token: string): Side => ({
  process,
  work: (count) =>
    load(process.url, { count, connections: 1, request: () => request('GET', path, token), status: 200 }),
})

const telling = (process: Measured): Side => ({ process, work: async (count) => void (await process.ask(count)) })

/** A word that many Pins have, and the beginning of another. */
const [word, beginning] = [wordAt(60), wordAt(300).slice(0, 4)]
const searched = encodeURIComponent(`${word} ${beginning}`)
const matched = `{title text host} : ("${word}") AND {title text host} : ("${beginning}" *)`

/** An account's own Pins with two words, newest first. */
export async function ownSearch(bench: Workbench): Promise<Row> {
  const many = await withManyPins(bench)
  const bare = 'SELECT rowid AS id FROM pin_search WHERE pin_search MATCH ? ORDER BY rowid DESC LIMIT 26'
  const path = `/v5/search/pins?query=${searched}`
  return {
    name: `Search ${many.own} own Pins`,
    ...(await searchBeside(many, path, [bare, `scope : o${many.owner} AND ${matched}`])),
    target: { ours: 3 },
  }
}

/** Everybody's Pins with two words: of the newest thousand, those with both in their titles first. */
export async function publicSearch(bench: Workbench): Promise<Row> {
  const many = await withManyPins(bench)
  const bare = 'SELECT rowid AS id FROM pin_search WHERE pin_search MATCH ? ORDER BY rowid DESC LIMIT 1000'
  const path = `/v5/search/partner/pins?term=${searched}&country_code=US&limit=25`
  return {
    name: `Search ${many.pins} public Pins`,
    ...(await searchBeside(many, path, [bare, matched])),
    target: { ours: 10 },
  }
}

async function searchBeside(
  many: Filled,
  path: string,
  [statement, match]: [statement: string, match: string],
): Promise<Omit<Row, 'name'>> {
  const measured = await withPinfold(many, async (pinfold) => {
    const { body } = await ask(pinfold.url, request('GET', path, many.token))
    if (JSON.parse(body).items.length === 0) throw new Error(`Nothing is found by ${path}.`)
    const file = join(many.folder, 'data/pinfold.db')
    return withFloor(many, ['search-floor', file, statement, match], (floor) =>
      compare(telling(floor), asking(pinfold, path, many.token), effortOf(many)),
    )
  })
  return { floorIs: 'the same statements in a bare script', unit: 'ms CPU', ...millis(measured) }
}

/** The first page of what goes with a Pin. */
export const relatedPins = (bench: Workbench): Promise<Row> =>
  answered(bench, {
    name: ({ pins }) => `Related Pins among ${pins}`,
    path: ({ save }) => `/_pinfold/pins/${save}/related`,
    file: 'related',
  })

/** Everybody's Pins near a colour: of the newest thousand, the nearest first. */
export const colourSearch = (bench: Workbench): Promise<Row> =>
  answered(bench, {
    name: ({ pins }) => `Search ${pins} public Pins by colour`,
    path: () => '/_pinfold/web/search/pins?color=c2410c',
    file: 'colour',
  })

/** What an account has that looks like a Pin, among its own, of which one in fifty looks so. */
export const duplicates = (bench: Workbench): Promise<Row> =>
  answered(bench, {
    name: ({ own }) => `Duplicates of a Pin among ${own}`,
    path: ({ alike }) => `/_pinfold/web/pins/${alike}/duplicates`,
    file: 'duplicates',
  })

interface Answered {
  name: (many: Filled) => string
  path: (many: Filled) => string
  /** Where the answer is kept. */
  file: string
}

/** Measures a read beside a bare server that answers the same. */
async function answered(bench: Workbench, { name, path, file }: Answered): Promise<Row> {
  const many = await withManyPins(bench)
  const measured = await withPinfold(many, async (pinfold) => {
    const answer = await ask(pinfold.url, request('GET', path(many), many.token))
    if (!/"id":/.test(answer.body)) throw new Error(`Nothing is found by ${path(many)}.`)
    return withFloor(many, ['answer-floor', await keepAnswer(many, file, answer)], (floor) =>
      compare(asking(floor, path(many), many.token), asking(pinfold, path(many), many.token), effortOf(many)),
    )
  })
  return {
    name: name(many),
    floorIs: 'bare node:http, same answer',
    unit: 'ms CPU',
    ...millis(measured),
    target: { ours: 10 },
  }
}

/** What writing the words of a Pin takes, beside making the Pin. */
export async function indexPin(bench: Workbench): Promise<Row[]> {
  const many = await withManyPins(bench)
  const folder = join(bench.folder, 'index alone')
  await cp(join(many.folder, 'data'), join(folder, 'data'), { recursive: true })
  const picture = await photo(...((bench.quick ? [1200, 900] : [4000, 3000]) as [number, number]))
  let pictures = 0
  return withPinfold(many, async (pinfold) => {
    const { id } = await call<{ id: string }>(pinfold, many, 'POST', '/boards', { name: 'Photos' })
    const photos = () => {
      const data = commented(picture, `Photo ${pictures++}`).toString('base64')
      const media_source = { source_type: 'image_base64', content_type: 'image/jpeg', data }
      return request('POST', '/v5/pins', many.token, JSON.stringify({ board_id: id, title: 'A photo', media_source }))
    }
    const save = request(
      'POST',
      `/v5/pins/${await anyPin(pinfold, many)}/save`,
      many.token,
      JSON.stringify({ board_id: id }),
    )
    const making = (text: () => Buffer, effort: Effort) =>
      withFloor(many, ['index-pins', join(folder, 'data/pinfold.db')], (index) => {
        const work = (count: number) => load(pinfold.url, { count, connections: 1, request: text, status: 201 })
        return compare({ process: pinfold, work }, telling(index), effort)
      })
    const few: Effort = bench.quick
      ? { warmUp: 1, blocks: 1, rounds: 1, perRound: 3 }
      : { warmUp: 50, blocks: 3, rounds: 3, perRound: 20 }
    const row = { name: 'Write the words of a new Pin', unit: 'ms CPU' as const }
    return [
      { ...row, floorIs: 'POST a Pin', ...millis(await making(photos, few)), target: { ratio: 0.1 } },
      { ...row, floorIs: 'save a Pin', ...millis(await making(() => save, effortOf(many))) },
    ]
  })
}
