import { createInterface } from 'node:readline/promises'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'

/** Asks before something that cannot be undone. Where nobody can be asked, requires `--yes`. */
export async function confirm(question: string, { yes }: { yes?: boolean }): Promise<void> {
  if (yes) return
  if (!process.stdin.isTTY)
    throw new CommandError('Nobody can be asked here whether to delete: add --yes.', exitCodes.usage)
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  // Otherwise the prompt would swallow Ctrl-C.
  terminal.once('SIGINT', () => process.exit(130))
  const answer = await terminal.question(`${question} [y/N] `)
  terminal.close()
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError('Nothing was deleted.')
}
