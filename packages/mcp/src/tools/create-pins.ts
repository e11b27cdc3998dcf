import type { NewPin } from '@pinfold/client'
import { Type } from '@pinfold/contract'
import { type BoardFinder, boardFinder } from '../find-board.ts'
import { readPicture } from '../picture-folder.ts'
import { problemOf } from '../problem.ts'
import { ToolError, tool } from '../tool.ts'
import { BoardName, DryRun, SectionName, strict, words } from './fields.ts'

/** How a Pin to make is described. */
interface GivenPin {
  board: string
  section?: string | undefined
  picture_file?: string | undefined
  picture_url?: string | undefined
  title?: string | undefined
  description?: string | undefined
  link?: string | undefined
  alt_text?: string | undefined
}

/** Makes many Pins. `hasFolder`: whether pictures are taken from files too. */
const createPinsFrom = (hasFolder: boolean) =>
  tool({
    name: 'create_pins',
    title: 'Make Pins',
    description: `Makes 1 to 50 Pins from pictures ${hasFolder ? 'in the allowed folder or ' : ''}at addresses. All are checked first: if one is wrong, none is made. Try dry_run before many.`,
    toolset: 'pins',
    effect: 'writes',
    scopes: ['boards:read', 'boards:write', 'pins:read', 'pins:write'],
    input: Type.Object(
      {
        pins: Type.Array(
          Type.Unsafe<GivenPin>(
            Type.Object(
              {
                board: BoardName,
                section: Type.Optional(SectionName),
                ...(hasFolder && {
                  picture_file: words(500, 'A path below the folder for pictures, such as cups/blue.jpg.'),
                }),
                picture_url: words(2048, 'An http or https address.'),
                title: words(100),
                description: words(800),
                link: words(2048),
                alt_text: words(500, 'The picture in words, for who cannot see it.'),
              },
              strict,
            ),
          ),
          { minItems: 1, maxItems: 50 },
        ),
        dry_run: DryRun,
      },
      strict,
    ),
    async run({ pins, dry_run }, { client, host, signal }) {
      const finder = boardFinder(client)
      const { ready, problems } = await prepareAll(pins, finder, host.folder)
      if (problems.length > 0) return { value: { made: 0, problems, note: 'Nothing was made: mend these first.' } }
      if (dry_run) return { value: { would_make: ready.length, pins: ready.map(({ plan }) => plan) } }
      const created = await client.pins.createMany(
        ready.map(({ pin }) => pin),
        { signal },
      )
      const results = created.map((one) => {
        if (one.status === 'created') return { number: one.index + 1, made: one.pin.id, title: one.pin.title }
        if (one.status === 'cancelled') return { number: one.index + 1, not_tried: true }
        const problem = problemOf(one.error)
        if (!problem) host.onError(one.error)
        return { number: one.index + 1, ...(problem ?? { error: 'It failed.' }) }
      })
      const made = created.filter(({ status }) => status === 'created').length
      return { value: { made, failed: created.length - made, pins: results } }
    },
  })

/** The tool without files, and with them. */
export const createPins = createPinsFrom(false)
export const createPinsOfFolder = createPinsFrom(true)

/** Pictures of one call together have at most this many bytes: they are held at once. */
const mostBytes = 200 * 1024 * 1024

async function prepareAll(pins: readonly GivenPin[], finder: BoardFinder, folder: string | undefined) {
  const ready: { pin: NewPin; plan: object }[] = []
  const problems: object[] = []
  let bytes = 0
  for (const [index, given] of pins.entries()) {
    try {
      const prepared = await prepare(given, finder, folder)
      bytes += prepared.bytes
      if (bytes > mostBytes) throw new ToolError('The pictures together are larger than 200 MB: make fewer at once.')
      ready.push(prepared)
    } catch (error) {
      const problem = problemOf(error)
      if (!problem || problem.status === 401 || problem.status === 429) throw error
      problems.push({ number: index + 1, ...problem })
    }
  }
  return { ready, problems }
}

/** Checks a Pin, and reads its picture. Throws `ToolError`. */
async function prepare(given: GivenPin, finder: BoardFinder, folder: string | undefined) {
  const { board: which, section, picture_file, picture_url, ...texts } = given
  if ((picture_file === undefined) === (picture_url === undefined))
    throw new ToolError(
      folder === undefined ? 'It needs a picture_url.' : 'It needs either picture_file or picture_url.',
    )
  const board = await finder.board(which)
  const place = {
    board_id: board.id,
    ...(section !== undefined && { board_section_id: await finder.sectionId(board, section) }),
  }
  const plan = { board: board.name, ...(section !== undefined && { section }), ...texts }
  const body = { ...place, ...texts }
  if (picture_file !== undefined) {
    const picture = await readPicture(folder, picture_file)
    return {
      pin: { ...body, picture } as NewPin,
      plan: { ...plan, picture_file, bytes: picture.length },
      bytes: picture.length,
    }
  }
  const url = URL.parse(picture_url ?? '')
  if (!url || !/^https?:$/.test(url.protocol)) throw new ToolError('picture_url must be an http or https address.')
  const pin = { ...body, media_source: { source_type: 'image_url', url: url.href } } as NewPin
  return { pin, plan: { ...plan, picture_url: url.href }, bytes: 0 }
}
