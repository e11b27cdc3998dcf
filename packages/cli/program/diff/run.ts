import { demoCredentials } from '@pinfold/server/demo-credentials'
import { readCalls } from '../calls/read-calls.ts'
import { CommandError } from '../command-error.ts'
import { ExecError } from '../exec/exec-error.ts'
import { findTarget, startTarget, type Target } from '../exec/target.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import type { ComparedAnswer, Difference } from './compare-answers.ts'
import type { PreparedCall } from './prepare-call.ts'
import { type ReplayedCall, replayCalls } from './replay-calls.ts'

/** Options of `pinfold diff`. */
export interface DiffOptions {
  server?: string
  json?: boolean
}

/** Compares the calls in a file, prints what differs, and returns the exit code. Throws a `CommandError`. */
export async function runDiff(file: string, { server, json = false }: DiffOptions): Promise<ExitCode> {
  const calls = await readCalls(file)
  if (calls.length === 0) throw new CommandError(`${file} has no calls of the API.`)
  const target = await targetOf(server)
  try {
    let [compared, different, skipped] = [0, 0, 0]
    for await (const call of replayCalls(calls, sender(target))) {
      if (call.skipped !== null) skipped++
      else compared++
      if (call.differences.length > 0) different++
      print(call, json)
    }
    if (!json) console.log(`${compared} calls were compared, ${different} differ; ${skipped} could not be compared.`)
    if (different > 0) return exitCodes.failed
    return skipped > 0 ? exitCodes.partly : exitCodes.done
  } finally {
    await target.close()
  }
}

async function targetOf(server: string | undefined): Promise<Target> {
  try {
    const target = server === undefined ? await startTarget() : await findTarget(server, process.env)
    if (target.hasDemo) return target
    await target.close()
  } catch (error) {
    throw error instanceof ExecError ? new CommandError(error.message, exitCodes.failed) : error
  }
  throw new CommandError(`${server} has no demo data: leave --server out, or start one with pinfold serve --seed demo.`)
}

/** Returns a function that sends calls with the demo's token: no other leaves this machine. */
function sender({ url }: Target) {
  return async (method: string, call: Exclude<PreparedCall, { cannot: string }>): Promise<ComparedAnswer> => {
    const answer = await fetch(new URL(call.path, url), {
      method,
      headers: {
        authorization: `Bearer ${demoCredentials.accessToken}`,
        ...(call.body && { 'content-type': call.body.type }),
      },
      ...(call.body && { body: call.body.text }),
      redirect: 'manual',
    })
    const text = await answer.text()
    return {
      status: answer.status,
      contentType: answer.headers.get('content-type') ?? undefined,
      body: parsed(text),
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function print(call: ReplayedCall, json: boolean): void {
  if (json) console.log(JSON.stringify(call))
  else if (call.skipped !== null) console.log(`${call.number} ${call.call}: not compared. ${call.skipped}`)
  else if (call.differences.length > 0) console.log(`${call.number} ${call.call}`)
  if (json) return
  for (const difference of call.differences) console.log(`  ${inWords(difference)}`)
}

function inWords({ field, is, pinterest, pinfold }: Difference): string {
  if (is === 'missing') return `${field}: missing in Pinfold (${pinterest} at Pinterest)`
  if (is === 'extra') return `${field}: only in Pinfold (${pinfold})`
  return `${field}: ${pinterest} at Pinterest, ${pinfold} in Pinfold`
}
