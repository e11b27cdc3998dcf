// What the app reads first comes with its page, by the addresses of the requests. Each is taken once; a page of the
// history is shown as it was loaded, so what came with it may be old, and is read anew.

const [navigation] = performance.getEntriesByType('navigation')
const isOfHistory = navigation instanceof PerformanceNavigationTiming && navigation.type === 'back_forward'
const text = isOfHistory ? undefined : document.getElementById('first-answers')?.textContent
const answers = new Map<string, unknown>(Object.entries(JSON.parse(text || '{}')))

/** Returns whether the answer to a request below `/_pinfold/web/` came with the page. */
export const cameWithPage = (beginning: string): boolean =>
  answers.keys().some((address) => address.startsWith(`/_pinfold/web/${beginning}`))

/** Returns the answer to a request that came with the page, the first time; undefined if there is none. */
export function takeFirstAnswer(address: string): unknown {
  const answer = answers.get(address)
  answers.delete(address)
  return answer
}
