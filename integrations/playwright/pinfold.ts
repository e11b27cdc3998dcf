import { test as base } from '@playwright/test'

/** Where the tests' Pinfold is. */
export const pinfoldUrl = 'http://127.0.0.1:4010'

/** The app of the demo data, as `pinfold serve` prints it. */
export const demo = {
  PINTEREST_APP_ID: '1234567',
  PINTEREST_APP_SECRET: 'pinfold-demo-secret',
  PINTEREST_ACCESS_TOKEN: 'pina_demo_0123456789abcdefghijklmnopqrstuvwxyz',
}

/** A test that begins with Pinfold as it was at its start. */
export const test = base.extend<{ reset: undefined }>({
  reset: [
    async ({ request }, use) => {
      const { ok, status } = await request.post(`${pinfoldUrl}/_pinfold/reset`, { data: {} }).then((answer) => ({
        ok: answer.ok(),
        status: answer.status(),
      }))
      if (!ok) throw new Error(`Pinfold could not be reset: ${status}`)
      await use(undefined)
    },
    { auto: true },
  ],
})
