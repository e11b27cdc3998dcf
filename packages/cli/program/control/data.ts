import { Command } from 'commander'
import { type ControlOptions, controlOf, withControlOptions } from './control-service.ts'
import { readSeed } from './read-seed.ts'

export interface DiscardOptions extends ControlOptions {
  yes?: boolean
}

/** Adds the options of a command that discards the data of a server. */
export const withDiscardOptions = (command: Command): Command =>
  withControlOptions(command, 'print nothing').option(
    '--yes',
    'discard the data even if no seed has filled them, so that they cannot be made anew',
  )

/** Returns what a request says for `--yes`. */
export const confirmed = ({ yes }: DiscardOptions) => (yes ? { confirm: true } : {})

/** Prints what was done, unless the output is for a program. */
export function tell(text: string, { json }: ControlOptions): void {
  if (!json) console.log(text)
}

/** Returns `pinfold reset`. */
export function resetCommand(): Command {
  return withDiscardOptions(new Command('reset'))
    .description('Restore the data of a Pinfold server to their state after its seed was filled.')
    .addHelpText('after', '\nThe clock and the faults are as at the start, too.\n\nExample:\n  $ pinfold reset')
    .action(async (options: DiscardOptions) => {
      await (await controlOf(options)).reset(confirmed(options))
      tell('The data are as they were at the start.', options)
    })
}

/** Returns `pinfold seed`. */
export function seedCommand(): Command {
  return withDiscardOptions(new Command('seed'))
    .description('Discard the data of a Pinfold server, and fill a seed instead.')
    .argument('<file>', 'a seed file, or demo')
    .addHelpText('after', '\nExamples:\n  $ pinfold seed ./seed.json\n  $ pinfold seed demo')
    .action(async (file: string, options: DiscardOptions) => {
      const control = await controlOf(options)
      await control.seed({ seed: file === 'demo' ? file : await readSeed(file), ...confirmed(options) })
      tell(`The data are those of ${file}.`, options)
    })
}
