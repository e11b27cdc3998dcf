import { ConfigError, copyDatabase, type DatabaseCopyCounts } from '@pinfold/server'
import { CommandError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'
import { withProgress } from '../output/with-progress.ts'

export interface CopyDatabaseOptions {
  from: string
  to: string
  json?: boolean
}

/** Copies, and prints what was done and what comes next. */
export async function runCopyDatabase({ from, to, json }: CopyDatabaseOptions): Promise<void> {
  const counts: DatabaseCopyCounts = { stage: 'copying', rows: 0, of: 0, resumedAt: 0, verified: 0 }
  const begun = performance.now()
  const { tables, media } = await withProgress(
    () => progressLine(counts),
    () =>
      copyDatabase({ from, to }, counts).catch((error) => {
        throw error instanceof ConfigError ? new CommandError(error.message, exitCodes.usage) : error
      }),
  )
  const { rows, resumedAt } = counts
  const seconds = Math.round((performance.now() - begun) / 100) / 10
  process.stdout.write(
    json
      ? `${JSON.stringify({ rows, resumed_at: resumedAt, seconds, tables, media })}\n`
      : `${rows} rows of ${Object.keys(tables).length} tables copied, and found the same.
Their pictures and videos are in ${media}. Now start the server:
  pinfold serve --database-url ${withoutPassword(to)} --storage ${media}
`,
  )
}

const progressLine = ({ stage, rows, of, verified }: DatabaseCopyCounts): string =>
  stage === 'verifying' ? `verifying: ${verified} tables are the same` : `${stage}: ${rows} of ${of} rows`

/** What a terminal shows stays in its history. */
function withoutPassword(address: string): string {
  const url = URL.parse(address)
  if (!url?.password) return address
  url.password = '…'
  return decodeURI(url.href)
}
