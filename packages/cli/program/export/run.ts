import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Pin, PinterestClient } from '@pinfold/client'
import { makeFolder } from '@pinfold/server/make-folder'
import { exitCodes } from '../exit-codes.ts'
import { plain } from '../output/print.ts'
import { writeWhole } from '../service/atomic-file.ts'
import { findBoard } from '../service/find.ts'
import { connect, type ServiceOptions } from '../service/service.ts'
import { extensionOf, fileNameOf } from './file-name.ts'

export interface ExportCommandOptions extends ServiceOptions {
  to: string
  json?: boolean
}

interface Failure {
  pin: string
  reason: string
}

/** How many pictures are fetched at once, how often each is tried, and how long a try may take. */
const [concurrency, triesOfOne, timeoutMs] = [4, 4, 60_000]

/** Exports a board, and prints the result. Sets the process's exit code. */
export async function runExport(boardName: string, options: ExportCommandOptions): Promise<void> {
  const { client } = await connect(options)
  const board = await findBoard(client, boardName)
  const folder = resolve(options.to)
  makeFolder(folder, 0o777)
  const sections = await sectionNames(client, board.id)
  const there = await picturesIn(folder)
  const failures: Failure[] = []
  const lines: string[] = []
  let fetched = 0

  const pins = client.boards.listPins(board.id, { page_size: 250 })[Symbol.asyncIterator]()
  await Promise.all(Array.from({ length: concurrency }, worker))
  // Oldest first: imported in this order, the newest Pin is the newest again.
  const rows = lines.toReversed().filter(Boolean)
  await writeWhole(join(folder, 'pins.jsonl'), rows.map((line) => `${line}\n`).join(''))

  const summary = { board: board.id, folder, pins: rows.length, fetched, failed: failures.length, failures }
  process.stdout.write(options.json ? `${JSON.stringify(summary)}\n` : textOf(summary, board.name))
  if (failures.length > 0) process.exitCode = exitCodes.partly

  async function worker(): Promise<void> {
    for (let next = await pins.next(); !next.done; next = await pins.next()) {
      const place = lines.push('') - 1
      const pin = next.value
      try {
        const picture = there.get(pin.id) ?? (await fetchPicture(pin))
        lines[place] = JSON.stringify(lineOf(pin, picture))
      } catch (error) {
        failures.push({ pin: pin.id, reason: (error as Error).message })
      }
    }
  }

  async function fetchPicture(pin: Pin): Promise<string> {
    const bytes = await download(originalOf(pin))
    const name = fileNameOf(pin, extensionOf(bytes))
    await writeWhole(join(folder, name), bytes)
    fetched++
    return name
  }

  /** Returns a line that `pins import` can read. */
  function lineOf(pin: Pin, picture: string) {
    const { id, title, description, link, alt_text, dominant_color, board_section_id, created_at } = pin
    const section = board_section_id ? sections.get(board_section_id) : undefined
    return {
      ...{ board: board.name, ...(section !== undefined && { section }), picture },
      ...{ title, description, link, alt_text, dominant_color, id, created_at },
    }
  }
}

async function sectionNames(client: PinterestClient, boardId: string): Promise<Map<string, string>> {
  const sections = await client.boardSections.list(boardId, { page_size: 250 }).toArray()
  return new Map(sections.map(({ id = '', name }) => [id, name]))
}

/** Returns the pictures that earlier runs fetched, by Pin id. A file with its final name is complete. */
async function picturesIn(folder: string): Promise<Map<string, string>> {
  const names = (await readdir(folder)).filter((name) => /^\d+[-.]/.test(name))
  return new Map(names.map((name) => [/^\d+/.exec(name)?.[0] ?? '', name]))
}

function originalOf({ media }: Pin): string {
  const images = media?.media_type === 'image' ? media.images : undefined
  const { url } = images?.originals ?? images?.['1200x'] ?? images?.['600x'] ?? {}
  if (url === undefined) throw new Error('It has no picture of its own: videos and carousels are not exported.')
  return url
}

/** Fetches a picture, without the token: it may be stored elsewhere than on the service. */
async function download(url: string): Promise<Uint8Array> {
  for (let tries = 1; ; tries++) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
      if (response.ok) return await response.bytes()
      if (response.status < 500 && response.status !== 429) throw new Refused(`Status ${response.status} from ${url}.`)
      if (tries >= triesOfOne) throw new Refused(`Status ${response.status} from ${url}, ${tries} times.`)
    } catch (error) {
      if (error instanceof Refused) throw error
      if (tries >= triesOfOne) throw new Error(`${url} cannot be fetched: ${(error as Error).message}.`)
    }
    await wait(Math.random() * 500 * 2 ** tries)
  }
}

class Refused extends Error {}

interface Summary {
  folder: string
  pins: number
  fetched: number
  failures: readonly Failure[]
}

function textOf({ folder, pins, fetched, failures }: Summary, board: string): string {
  const lines = [
    `${pins} Pins of "${plain(board)}" are in ${folder}; ${fetched} pictures were fetched now.`,
    ...failures.map(({ pin, reason }) => `  Pin ${pin} failed: ${plain(reason)}`),
  ]
  return `${lines.join('\n')}\n`
}
