/**
 * Preloaded into Pinfold, from its sources: takes out what the controls do at each request of a server that nobody
 * controls. A line that is not there any more is an error: the row would measure nothing.
 */
import { registerHooks } from 'node:module'

/** What is replaced, by the end of a file's address. */
const cuts: Record<string, [from: string, to: string][]> = {
  'server/src/http/front.ts': [
    // Sandboxes.
    [
      'if (branches.isEmpty || !branches.answer(request, answer)) current?.answer(request, answer)',
      'current?.answer(request, answer)',
    ],
    // The exchange of all data.
    ["    this.answering++\n    answer.on('close', this.#answered)\n", ''],
  ],
  'server/src/http/operations.ts': [
    ['    if (!faults.any || ending.begun) return undefined\n', '    return undefined\n'],
    // The request log, as the next two.
    ['  request.answerText = body\n', ''],
  ],
  'server/src/http/server.ts': [
    ["['incoming', 'answerText', 'refusal', 'fault']", "['incoming']"],
    ['    keepCall?.(request, reply)\n', ''],
  ],
  'server/src/control/movable-clock.ts': [
    ['return this.#standsAt ?? this.#base.now() + this.#aheadMs', 'return this.#base.now()'],
  ],
}

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context)
    const found = Object.entries(cuts).find(([end]) => url.endsWith(end))
    if (!found) return loaded
    let source = String(loaded.source)
    for (const [from, to] of found[1]) {
      if (!source.includes(from)) throw new Error(`${url} has no ${JSON.stringify(from)} to take out.`)
      source = source.replace(from, to)
    }
    return { ...loaded, source }
  },
})
