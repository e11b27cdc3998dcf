import type { BrowserContext } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'

/** What the browser says of a request that was refused, or had no connection, as some are meant to. */
const meant = /the server responded with a status of 4\d\d|net::ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED)/

/** Closes a browser context after the test, which fails if a page of it had an error, or the browser a warning. */
export function failOnComplaints(context: BrowserContext): void {
  const complaints: string[] = []
  context.on('weberror', (error) => complaints.push(error.error().message))
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !meant.test(message.text())) complaints.push(message.text())
  })
  onTestFinished(async () => {
    await context.close()
    expect(complaints).toEqual([])
  })
}
