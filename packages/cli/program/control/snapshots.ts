import type { PinterestClient } from '@pinfold/client'
import { Command } from 'commander'
import { type Columns, printList, printOne } from '../output/print.ts'
import { type ControlOptions, controlOf, withControlOptions } from './control-service.ts'
import { confirmed, type DiscardOptions, tell, withDiscardOptions } from './data.ts'

type Snapshot = Awaited<ReturnType<PinterestClient['control']['saveSnapshot']>>

const columns: Columns<Snapshot> = {
  name: (snapshot) => snapshot.name,
  created: (snapshot) => snapshot.created_at,
  size: (snapshot) => `${(snapshot.bytes / 1e6).toFixed(1)} MB`,
}

/** Returns `pinfold snapshot …`: copies of all data of a server that one tests with. */
export function snapshotCommand(): Command {
  return new Command('snapshot')
    .description('Save all data of a Pinfold server under a name, and restore them.')
    .addHelpText('after', '\nExamples:\n  $ pinfold snapshot save before\n  $ pinfold snapshot restore before')
    .addCommand(saveCommand())
    .addCommand(listCommand())
    .addCommand(restoreCommand())
    .addCommand(deleteCommand())
}

const nameArgument = ['<name>', 'its name: letters, digits, dots and dashes'] as const

function saveCommand(): Command {
  return withControlOptions(new Command('save'), 'print the snapshot as JSON')
    .description('Copy all data under a new name.')
    .argument(...nameArgument)
    .addHelpText('after', '\nExample:\n  $ pinfold snapshot save before')
    .action(async (name: string, options: ControlOptions) =>
      printOne(await (await controlOf(options)).saveSnapshot({ name }), columns, options),
    )
}

function listCommand(): Command {
  return withControlOptions(new Command('list'), 'print one JSON object a line')
    .description('List the snapshots, by name.')
    .addHelpText('after', '\nExample:\n  $ pinfold snapshot list')
    .action(async (options: ControlOptions) => {
      const { items } = await (await controlOf(options)).listSnapshots()
      await printList(items, columns, options)
    })
}

function restoreCommand(): Command {
  return withDiscardOptions(new Command('restore'))
    .description('Replace all data by those of a snapshot, which stays.')
    .argument(...nameArgument)
    .addHelpText('after', '\nExample:\n  $ pinfold snapshot restore before')
    .action(async (name: string, options: DiscardOptions) => {
      await (await controlOf(options)).restoreSnapshot(name, confirmed(options))
      tell(`The data are those of ${name}.`, options)
    })
}

function deleteCommand(): Command {
  return withControlOptions(new Command('delete'), 'print nothing')
    .description('Delete a snapshot. The data stay as they are.')
    .argument(...nameArgument)
    .addHelpText('after', '\nExample:\n  $ pinfold snapshot delete before')
    .action(async (name: string, options: ControlOptions) => {
      await (await controlOf(options)).deleteSnapshot(name)
      tell(`${name} is gone.`, options)
    })
}
