import { defineConfig } from '@playwright/test'
import { demo, pinfoldUrl } from './pinfold.ts'

const appUrl = 'http://127.0.0.1:4020'
const ci = Boolean(process.env.CI)

export default defineConfig({
  forbidOnly: ci,
  workers: 1, // One server for all tests, which is reset before each.
  use: { baseURL: appUrl, launchOptions: { executablePath: process.env.CHROMIUM } },
  webServer: [
    {
      name: 'Pinfold',
      command: `npx pinfold serve --ephemeral --seed demo --rate-limits off --port ${new URL(pinfoldUrl).port}`,
      url: `${pinfoldUrl}/_pinfold/health`,
      reuseExistingServer: !ci,
      gracefulShutdown: { signal: 'SIGTERM', timeout: 5000 },
    },
    {
      name: 'the app',
      command: 'node app.mjs',
      url: appUrl,
      env: { ...demo, PINTEREST_API_URI: pinfoldUrl, PINTEREST_OAUTH_URI: pinfoldUrl, APP_URL: appUrl },
      reuseExistingServer: !ci,
    },
  ],
})
