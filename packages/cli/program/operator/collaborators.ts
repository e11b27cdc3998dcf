import type { GroupBoardRecord } from '@pinfold/server'
import { Command } from 'commander'
import { type Columns, printList, printOne } from '../output/print.ts'
import { type DataOptions, operate, withData } from './operate.ts'

const columns: Columns<GroupBoardRecord> = {
  id: (board) => board.id,
  name: (board) => board.name,
  owner: (board) => board.owner,
  privacy: (board) => board.privacy,
  collaborators: (board) => board.collaborators.join(', '),
}

const boardHelp = 'its id, or its owner and name: OWNER/NAME'

/** Returns `pinfold collaborators …`: who may pin to boards of others, for the operator of a server. */
export function collaboratorsCommand(): Command {
  return new Command('collaborators')
    .description('Add and remove those who may pin to a board beside its owner, on the machine of the server.')
    .addHelpText(
      'after',
      '\nExamples:\n  $ pinfold collaborators add "studio/Winter coats" ann\n  $ pinfold collaborators list',
    )
    .addCommand(addCommand())
    .addCommand(removeCommand())
    .addCommand(listCommand())
}

function addCommand(): Command {
  return withData(new Command('add'), 'print the board as JSON')
    .description('Make an account a collaborator of a board: it counts from its next request on.')
    .argument('<board>', boardHelp)
    .argument('<username>', 'who may pin to it')
    .addHelpText('after', '\nExample:\n  $ pinfold collaborators add "studio/Winter coats" ann')
    .action((board: string, username: string, options: DataOptions) =>
      operate(options, async (operator) => printOne(await operator.addCollaborator(board, username), columns, options)),
    )
}

function removeCommand(): Command {
  return withData(new Command('remove'), 'print the board as JSON')
    .description('Remove a collaborator from a board. The Pins that they made stay on it, and stay theirs.')
    .argument('<board>', boardHelp)
    .argument('<username>', 'who may pin to it no longer')
    .addHelpText('after', '\nExample:\n  $ pinfold collaborators remove 1142048512397313 ann')
    .action((board: string, username: string, options: DataOptions) =>
      operate(options, async (operator) =>
        printOne(await operator.removeCollaborator(board, username), columns, options),
      ),
    )
}

function listCommand(): Command {
  return withData(new Command('list'), 'print one JSON object a line')
    .description('List the boards that have collaborators, oldest first, or one board.')
    .argument('[board]', boardHelp)
    .addHelpText('after', '\nExample:\n  $ pinfold collaborators list --json | jq -r .name')
    .action((board: string | undefined, options: DataOptions) =>
      operate(options, async (operator) => {
        const boards = board === undefined ? operator.groupBoards() : [await operator.groupBoard(board)]
        await printList(boards, columns, options)
      }),
    )
}
