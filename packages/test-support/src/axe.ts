import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'

interface Violation {
  id: string
  nodes: { html: string; target: string[] }[]
}

/** Returns axe's complaints about a page, a line per element. Empty if there are none. */
export async function axeProblems(page: Page): Promise<string[]> {
  const script = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'))
  await page.evaluate(await readFile(script, 'utf8'))
  // To tell what passed as well takes half the time.
  const { violations } = await page.evaluate<{ violations: Violation[] }>(
    `axe.run(document, { resultTypes: ['violations'] })`,
  )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html }) => `${id}: ${target} ${html.slice(0, 200)}`),
  )
}
