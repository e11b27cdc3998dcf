import { Command } from 'commander'
import { createCommand } from './create.ts'
import { listCommand } from './list.ts'
import { reportCommand } from './report.ts'
import { statusCommand } from './status.ts'

/** `pinfold ads …`. */
export function adsCommand(): Command {
  return new Command('ads')
    .description('List, make, pause and resume what is advertised, and show how it did.')
    .addHelpText('after', '\nExamples:\n  $ pinfold ads list campaigns\n  $ pinfold ads report --by-campaign')
    .addCommand(listCommand())
    .addCommand(createCommand())
    .addCommand(statusCommand('pause'))
    .addCommand(statusCommand('resume'))
    .addCommand(reportCommand())
}
