import type { RecordedCall } from '../calls/read-calls.ts'
import { toldPath } from '../calls/told.ts'
import { type ComparedAnswer, compareAnswers, type Difference, type Known } from './compare-answers.ts'
import { gatherTexts, type PreparedCall, prepareCall } from './prepare-call.ts'

/** How Pinfold answered a call that Pinterest answered before. Nothing in it is anybody's secret. */
export interface ReplayedCall {
  /** Its number in the file. */
  number: number
  /** Its method and path, without ids. */
  call: string
  operation: string | null
  status: number
  /** Why it was not compared; null if it was. */
  skipped: string | null
  differences: Difference[]
}

type Send = (method: string, request: Exclude<PreparedCall, { cannot: string }>) => Promise<ComparedAnswer>

/** Sends recorded calls to Pinfold, one after the other, and compares the answers. */
export async function* replayCalls(calls: readonly RecordedCall[], send: Send): AsyncGenerator<ReplayedCall> {
  const sent = new Set<string>()
  const known: Known = { ids: new Map(), made: new Set(), sent }
  for (const call of calls) {
    const { number, method, operation, answer, body, url } = call
    const result = { number, call: toldPath(call), operation: operation?.id ?? null, status: answer.status }
    gatherTexts([...url.searchParams.values()], sent)
    if ('value' in body) gatherTexts(body.value, sent)
    const prepared = prepareCall(call, known.ids)
    if ('cannot' in prepared) {
      yield { ...result, skipped: prepared.cannot, differences: [] }
      continue
    }
    const theirs = {
      status: answer.status,
      contentType: answer.headers['content-type'],
      body: 'value' in answer.body ? answer.body.value : undefined,
    }
    const makes = method === 'POST' && operation !== undefined && /create|save/.test(operation.id)
    const differences = compareAnswers(theirs, await send(method, prepared), known, { makes })
    yield { ...result, skipped: null, differences }
  }
}
