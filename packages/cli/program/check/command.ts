import { allScopes, type Scope } from '@pinfold/contract'
import { Command, InvalidArgumentError, Option } from 'commander'
import { readCalls } from '../calls/read-calls.ts'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'
import { checkCalls } from './check-calls.ts'

interface CheckOptions {
  scopes?: Scope[]
  json?: boolean
}

/** `pinfold check`: what a program's calls do against the contract. */
export function checkCommand(): Command {
  return new Command('check')
    .description("Hold a program's calls against the API: fields, addresses, scopes, and pauses before a retry.")
    .argument('<file>', 'the HAR file, such as pinfold exec --log or pinfold logs export writes it')
    .addOption(
      new Option('--scopes <list>', 'what its token may do, with commas (default: as far as the calls tell)').argParser(
        toScopes,
      ),
    )
    .option('--json', 'print one JSON object a finding')
    .addHelpText(
      'after',
      `
Examples:
  $ pinfold exec --log calls.har -- python3 publish.py
  $ pinfold check calls.har
  $ pinfold check calls.har --scopes boards:read,pins:read,pins:write --json | jq -r .text

No server is asked. Exit codes: 0 nothing found, 1 something found, 2 called wrongly.`,
    )
    .action(async (file: string, { scopes, json = false }: CheckOptions) => {
      const calls = await readCalls(file)
      if (calls.length === 0) throw new CommandError(`${file} has no calls of the API.`)
      const findings = checkCalls(calls, scopes)
      for (const finding of findings)
        console.log(
          json ? JSON.stringify(finding) : `${finding.number} ${finding.call}: ${finding.problem}. ${finding.text}`,
        )
      const notServed = new Set(calls.flatMap((call) => call.notServed?.id ?? []))
      if (notServed.size > 0)
        console.error(
          `Pinfold does not serve ${[...notServed].join(', ')}: of these calls it knows what is deprecated, no other fields and no scopes.`,
        )
      if (!json) console.log(`${calls.length} calls were checked, ${findings.length} problems were found.`)
      if (findings.length > 0) process.exitCode = exitCodes.failed
    })
}

function toScopes(text: string): Scope[] {
  return text.split(',').map((name) => {
    const scope = allScopes.find((one) => one === name)
    if (!scope) throw new InvalidArgumentError(`'${name}' is no scope. There are ${allScopes.join(', ')}.`)
    return scope
  })
}
