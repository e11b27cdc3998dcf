import { stat } from 'node:fs/promises'
import type { PinterestClient } from '@pinfold/client'
import { Command } from 'commander'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'
import { type Columns, printList, printOne } from '../output/print.ts'
import { withProgress } from '../output/with-progress.ts'
import { writeWhole } from '../service/atomic-file.ts'
import { type ControlOptions, controlOf, withControlOptions } from './control-service.ts'
import { confirmed, type DiscardOptions, tell, withDiscardOptions } from './data.ts'

type Snapshot = Awaited<ReturnType<PinterestClient['control']['saveSnapshot']>>

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

const columns: Columns<Snapshot> = {
  name: (snapshot) => snapshot.name,
  created: (snapshot) => snapshot.created_at,
  size: (snapshot) => megabytes(snapshot.bytes),
}

/** Returns `pinfold snapshot …`: copies of all data of a server that one tests with. */
export function snapshotCommand(): Command {
  return new Command('snapshot')
    .description('Save all data of a Pinfold server under a name, and restore them.')
    .addHelpText('after', '\nExamples:\n  $ pinfold snapshot save before\n  $ pinfold snapshot restore before')
    .addCommand(saveCommand())
    .addCommand(listCommand())
    .addCommand(restoreCommand())
    .addCommand(exportCommand())
    .addCommand(importCommand())
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

function exportCommand(): Command {
  return withControlOptions(new Command('export'), 'print the name, the file and its size as JSON')
    .description('Write a snapshot to a file, which another server can import.')
    .argument(...nameArgument)
    .argument('<file>', 'the file to write, a tar archive; an existing one is replaced')
    .addHelpText('after', '\nExample:\n  $ pinfold snapshot export before before.tar')
    .action(async (name: string, file: string, options: ControlOptions) => {
      const stream = await (await controlOf(options)).exportSnapshot(name)
      let bytes = 0
      async function* counted() {
        for await (const chunk of stream) {
          bytes += chunk.length
          yield chunk
        }
      }
      await withProgress(
        () => `${megabytes(bytes)} written`,
        () => writeWhole(file, counted()),
      )
      if (options.json) console.log(JSON.stringify({ name, file, bytes }))
      else tell(`${name} is in ${file}, ${megabytes(bytes)}.`, options)
    })
}

function importCommand(): Command {
  return withControlOptions(new Command('import'), 'print the snapshot as JSON')
    .description('Make a snapshot of a file that was exported, here or from another server. The data stay as they are.')
    .argument(...nameArgument)
    .argument('<file>', 'the file')
    .addHelpText('after', '\nExample:\n  $ pinfold snapshot import before before.tar')
    .action(async (name: string, file: string, options: ControlOptions) => {
      const { size } = await statOf(file)
      const control = await controlOf(options)
      let sent = 0
      const snapshot = await withProgress(
        () => `${megabytes(sent)} of ${megabytes(size)} sent`,
        () => control.importSnapshot(name, file, { onProgress: (bytes) => (sent = bytes) }),
      )
      await printOne(snapshot, columns, options)
    })
}

/** Throws a `CommandError` when there is no such file. */
async function statOf(file: string) {
  try {
    return await stat(file)
  } catch (error) {
    throw new CommandError(`${file} cannot be read: ${(error as Error).message}`, exitCodes.usage)
  }
}
