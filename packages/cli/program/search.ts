import type { Board, Pin } from '@pinfold/client'
import { Command, Option } from 'commander'
import { type Columns, printList } from './output/print.ts'
import { pageSize, toLimit } from './service/arguments.ts'
import { connect, type ServiceOptions, withServiceOptions } from './service/service.ts'

interface SearchOptions extends ServiceOptions {
  boards?: boolean
  everybody?: boolean
  country: string
  limit?: number
  json?: boolean
}

type FoundPin = Partial<Pick<Pin, 'id' | 'title' | 'link' | 'description'>>

const pinColumns: Columns<FoundPin> = {
  id: (pin) => pin.id,
  title: (pin) => pin.title,
  link: (pin) => pin.link,
  description: (pin) => pin.description,
}
const boardColumns: Columns<Board> = {
  id: (board) => board.id,
  name: (board) => board.name,
  privacy: (board) => board.privacy,
  pins: (board) => board.pin_count,
  description: (board) => board.description,
}

/** `pinfold search …`. */
export function searchCommand(): Command {
  return withServiceOptions(new Command('search'))
    .description('Find Pins or boards by words: the last one may be the beginning of a word.')
    .argument('<words...>', 'the words, every one of which must be there')
    .option('--boards', 'boards instead of Pins')
    .addOption(new Option('--everybody', "everybody's public Pins, the best first").conflicts('boards'))
    .option('--country <code>', 'of a search with --everybody, as two letters', 'US')
    .addOption(new Option('--limit <number>', 'how many at most').argParser(toLimit))
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', '\nExamples:\n  $ pinfold search salt glazed cup\n  $ pinfold search --boards ceram --json')
    .action(async (words: string[], options: SearchOptions) => {
      const query = words.join(' ')
      const { client } = await connect(options)
      if (options.boards) {
        const boards = client.search.boards({ query, page_size: pageSize(options.limit) })
        return printList(boards, boardColumns, options)
      }
      const pins = options.everybody
        ? client.search.partnerPins({
            term: query,
            country_code: options.country,
            limit: Math.min(options.limit ?? 50, 50),
          })
        : client.search.pins({ query })
      await printList<FoundPin>(pins, pinColumns, options)
    })
}
