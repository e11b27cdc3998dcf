import { serverDefaults } from '@pinfold/server/defaults'
import { Command, Option } from 'commander'
import { toApi } from '../service/service.ts'
import type { ExportApiOptions, Format } from './run.ts'

const ownServer = `http://${serverDefaults.host}:${serverDefaults.port}`

/** The formats, each with what is said about it. */
const formats: Record<Format, { description: string; example: string }> = {
  openapi: { description: 'as an OpenAPI 3.1 file, like /openapi.json of a server', example: 'pinfold.openapi.json' },
  postman: { description: 'as a Postman collection, v2.1', example: 'pinfold.postman_collection.json' },
  http: { description: 'as a .http file, for VS Code (REST Client) and JetBrains', example: 'pinfold.http' },
}

/** Returns `pinfold export …`: the API, written for other tools. */
export function exportApiCommand(): Command {
  const command = new Command('export')
    .description('Write the API for other tools: every operation, with examples. No server is asked.')
    .addHelpText('after', '\nExamples:\n  $ pinfold export postman --output pinfold.postman_collection.json')
  for (const format of Object.keys(formats) as Format[]) command.addCommand(formatCommand(format))
  return command
}

function formatCommand(format: Format): Command {
  const { description, example } = formats[format]
  return new Command(format)
    .description(`Write the API ${description}.`)
    .addOption(
      new Option('--url <url>', "the server's address, without /v5")
        .default(toApi(ownServer), ownServer)
        .argParser(toApi),
    )
    .option('--output <file>', 'the file to write (default: standard output)')
    .addHelpText(
      'after',
      `\nExamples:\n  $ pinfold export ${format} --output ${example}\n  $ pinfold export ${format} --url https://pins.example.com --output ${example}`,
    )
    .action(async (options: ExportApiOptions) => {
      const { runExportApi } = await import('./run.ts')
      await runExportApi(format, options)
    })
}
