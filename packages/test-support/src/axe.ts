import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'

interface Violation {
  id: string
  nodes: { html: string; target: string[] }[]
}

/** What axe has to say against a page, a line for each element. Empty if all is well. */
export async function axeProblems(page: Page): Promise<string[]> {
  const script = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'))
  await page.evaluate(await readFile(script, 'utf8'))
  const { violations } = await page.evaluate<{ violations: Violation[] }>('axe.run()')
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html }) => `${id}: ${target} ${html.slice(0, 200)}`),
  )
}
