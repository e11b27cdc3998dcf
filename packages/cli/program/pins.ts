import type { Pin, PinterestClient } from '@pinfold/client'
import { Command, Option } from 'commander'
import { exportCommand } from './export/command.ts'
import { importCommand } from './import/command.ts'
import { type Columns, plain, printList, printOne } from './output/print.ts'
import { checkPinMedia, type PinMediaOptions, pinMedia, withPinMedia } from './pin-media/options.ts'
import { pageSize, textOrNull, toLimit, toName, toPinId } from './service/arguments.ts'
import { confirm } from './service/confirm.ts'
import { findBoard, findSectionId } from './service/find.ts'
import { connect, type ServiceOptions, withServiceOptions } from './service/service.ts'
import { withoutUndefined } from './without-undefined.ts'

interface OutputOptions extends ServiceOptions {
  json?: boolean
}

interface PlaceOptions {
  board?: string
  section?: string
}

interface WordOptions {
  title?: string
  description?: string
  link?: string
  altText?: string
}

const columns: Columns<Pin> = {
  id: (pin) => pin.id,
  title: (pin) => pin.title,
  board: (pin) => pin.board_id,
  link: (pin) => pin.link,
  description: (pin) => pin.description,
}
const details: Columns<Pin> = {
  id: (pin) => pin.id,
  title: (pin) => pin.title,
  description: (pin) => pin.description,
  'alt text': (pin) => pin.alt_text,
  link: (pin) => pin.link,
  board: (pin) => pin.board_id,
  section: (pin) => pin.board_section_id,
  picture: (pin) => pictureOf(pin),
  video: ({ media }) => (media?.media_type === 'video' ? media.video_url : undefined),
  made: (pin) => pin.created_at,
}

/** `pinfold pins …`. */
export function pinsCommand(): Command {
  return new Command('pins')
    .description('List, make, change and delete Pins.')
    .addHelpText('after', '\nExample:\n  $ pinfold pins list --limit 10')
    .addCommand(listCommand())
    .addCommand(getCommand())
    .addCommand(createCommand())
    .addCommand(updateCommand())
    .addCommand(deleteCommand())
    .addCommand(saveCommand())
    .addCommand(importCommand())
    .addCommand(exportCommand())
}

function listCommand(): Command {
  interface ListOptions extends OutputOptions, PlaceOptions {
    limit?: number
    filter?: 'exclude_native' | 'exclude_repins' | 'has_been_promoted'
    domain?: string
    secret?: boolean
    protected?: boolean
  }
  return withServiceOptions(new Command('list'))
    .description('List your Pins, or those on a board or in a section, newest first.')
    .addOption(
      new Option('--board <board>', 'only Pins on this board: its id, its name or its web address').argParser(toName),
    )
    .addOption(
      new Option('--section <section>', 'only Pins in this section of the board: its id or its name').argParser(toName),
    )
    .addOption(
      new Option('--filter <which>', 'only Pins of this origin')
        .choices(['exclude_native', 'exclude_repins', 'has_been_promoted'])
        .conflicts('board'),
    )
    .addOption(new Option('--domain <host>', 'only Pins whose link leads to this host').conflicts('board'))
    .addOption(new Option('--secret', 'only Pins on secret boards').conflicts('board'))
    .addOption(new Option('--protected', 'Pins on protected boards too').conflicts('board'))
    .addOption(new Option('--limit <number>', 'how many at most').argParser(toLimit))
    .option('--json', 'print one JSON object a line')
    .addHelpText(
      'after',
      '\nExamples:\n  $ pinfold pins list --board "Winter coats" --limit 10\n  $ pinfold pins list --json | jq -r .link',
    )
    .action(async (options: ListOptions, command: Command) => {
      if (options.section !== undefined && options.board === undefined)
        command.error('--section needs --board: name the board it is on')
      const { client } = await connect(options)
      const { board, section } = options
      const boardId = board === undefined ? undefined : (await findBoard(client, board)).id
      const sectionId = boardId && section ? await findSectionId(client, boardId, section) : undefined
      await printList(pinsOf(client, { ...options, ...withoutUndefined({ boardId, sectionId }) }), columns, options)
    })

  function pinsOf(client: PinterestClient, options: ListOptions & { boardId?: string; sectionId?: string }) {
    const page_size = pageSize(options.limit)
    const { boardId, sectionId, domain, filter } = options
    if (boardId !== undefined && sectionId !== undefined)
      return client.boardSections.listPins(boardId, sectionId, { page_size })
    if (boardId !== undefined) return client.boards.listPins(boardId, { page_size })
    return client.pins.list({
      page_size,
      ...withoutUndefined({ domain, pin_filter: filter, include_protected_pins: options.protected }),
      ...(options.secret && { pin_type: 'PRIVATE' }),
    })
  }
}

function getCommand(): Command {
  return withServiceOptions(new Command('get'))
    .description('Show a Pin.')
    .argument('<pin>', 'its id or its web address', toPinId)
    .option('--json', 'print the Pin as JSON')
    .addHelpText('after', '\nExample:\n  $ pinfold pins get 1142048512397440 --json | jq .media')
    .action(async (pin: string, options: OutputOptions) => {
      const { client } = await connect(options)
      printOne(await client.pins.get(pin), details, options)
    })
}

function createCommand(): Command {
  interface CreateOptions extends OutputOptions, WordOptions, PinMediaOptions {
    section?: string
    dominantColor?: string
    parentPin?: string
  }
  return withServiceOptions(withWords(withPinMedia(new Command('create'))))
    .description(
      'Make a Pin of a picture, of two to five pictures or of a video: files of yours, or addresses of pictures.',
    )
    .argument('<board>', 'the board to put it on: its id, its name or its web address', toName)
    .addOption(new Option('--section <section>', 'the section of the board: its id or its name').argParser(toName))
    .option('--dominant-color <colour>', 'such as #6e7874')
    .addOption(new Option('--parent-pin <pin>', 'the Pin that it comes from').argParser(toPinId))
    .option('--json', 'print the Pin as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ pinfold pins create "Winter coats" --image coat.jpg --title "A coat" --link https://example.com/coat
  $ pinfold pins create 1142048512397312 --image https://example.com/coat.jpg --json
  $ pinfold pins create Coats --image front.jpg --image back.jpg --title "From both sides"
  $ pinfold pins create Coats --video walk.mp4 --cover 2 --title "On the street"`,
    )
    .action(async (board: string, options: CreateOptions, command: Command) => {
      checkPinMedia(options, command)
      const { client } = await connect(options)
      const { title, description, link, altText: alt_text } = options
      const fields = {
        ...(await placeOf(client, { ...options, board })),
        ...withoutUndefined({ title, description, link, alt_text }),
        ...withoutUndefined({ dominant_color: options.dominantColor, parent_pin_id: options.parentPin }),
      }
      const pin = await client.pins.create({ ...fields, ...(await pinMedia(client, options)) })
      printOne(pin, details, options)
    })
}

function updateCommand(): Command {
  return withServiceOptions(withWords(new Command('update')))
    .description('Change a Pin, or move it. What is not named stays; "" takes a text away.')
    .argument('<pin>', 'its id or its web address', toPinId)
    .addOption(
      new Option('--board <board>', 'the board to move it to: its id, its name or its web address').argParser(toName),
    )
    .option('--section <section>', 'the section to move it to: its id or its name; "" takes it out of its section')
    .option('--json', 'print the Pin as JSON')
    .addHelpText('after', '\nExample:\n  $ pinfold pins update 1142048512397440 --title "A warm coat" --board Coats')
    .action(async (pin: string, options: OutputOptions & WordOptions & PlaceOptions, command: Command) => {
      const { title, description, link, altText, section } = options
      const words = withoutUndefined({
        title: textOrNull(title),
        description: textOrNull(description),
        link: textOrNull(link),
        alt_text: textOrNull(altText),
      })
      if (Object.keys(words).length === 0 && options.board === undefined && section === undefined)
        command.error('say what to change, such as --title or --board')
      const { client } = await connect(options)
      const board = options.board ?? (section ? (await client.pins.get(pin)).board_id : undefined)
      const place = await placeOf(client, withoutUndefined({ board, section: section || undefined }))
      const changes = { ...words, ...place, ...(section === '' && { board_section_id: null }) }
      printOne(await client.pins.update(pin, changes), details, options)
    })
}

function deleteCommand(): Command {
  return withServiceOptions(new Command('delete'))
    .description('Delete a Pin.')
    .argument('<pin>', 'its id or its web address', toPinId)
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  $ pinfold pins delete 1142048512397440 --yes')
    .action(async (pin: string, options: ServiceOptions & { yes?: boolean }) => {
      const { client } = await connect(options)
      const { title } = await client.pins.get(pin)
      const what = title ? `the Pin "${plain(title)}" (${pin})` : `the Pin ${pin}`
      await confirm(`Delete ${what}?`, options)
      await client.pins.delete(pin)
      console.log(`Deleted ${what}.`)
    })
}

function saveCommand(): Command {
  return withServiceOptions(new Command('save'))
    .description('Save a Pin, of yours or of others, to a board of yours.')
    .argument('<pin>', 'its id or its web address', toPinId)
    .addOption(
      new Option(
        '--board <board>',
        'the board to save it to: its id, its name or its web address (default: as the service does)',
      ).argParser(toName),
    )
    .addOption(new Option('--section <section>', 'the section of that board: its id or its name').argParser(toName))
    .option('--json', 'print the new Pin as JSON')
    .addHelpText('after', '\nExample:\n  $ pinfold pins save 1142048512397440 --board "Winter coats"')
    .action(async (pin: string, options: OutputOptions & PlaceOptions, command: Command) => {
      if (options.section !== undefined && options.board === undefined)
        command.error('--section needs --board: name the board it is on')
      const { client } = await connect(options)
      printOne(await client.pins.save(pin, await placeOf(client, options)), details, options)
    })
}

function withWords(command: Command): Command {
  return command
    .option('--title <text>', 'up to 100 characters')
    .option('--description <text>', 'up to 800 characters')
    .option('--link <url>', 'the page it leads to')
    .option('--alt-text <text>', 'the picture in words')
}

/** Returns the ids of a Pin's board and section. */
async function placeOf(client: PinterestClient, { board, section }: PlaceOptions) {
  if (board === undefined) return {}
  const { id } = await findBoard(client, board)
  return { board_id: id, ...(section && { board_section_id: await findSectionId(client, id, section) }) }
}

function pictureOf({ media }: Pin): string | undefined {
  if (media?.media_type === 'multiple_images') return media.items?.map(({ images }) => images?.originals?.url).join(' ')
  return media?.media_type === 'image' || media?.media_type === 'video' ? media.images?.originals?.url : undefined
}
