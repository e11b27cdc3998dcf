import { expect } from '@playwright/test'
import { demo, pinfoldUrl, test } from './pinfold.ts'

const authorization = `Bearer ${demo.PINTEREST_ACCESS_TOKEN}`

test('somebody connects their account and sees their boards', async ({ page, request }) => {
  await request.post(`${pinfoldUrl}/v5/boards`, { data: { name: 'Cups of clay' }, headers: { authorization } })
  await page.goto('/')
  await page.getByRole('link', { name: 'Connect Pinterest' }).click()
  await page.getByRole('button', { name: 'Open the demo' }).click()
  await page.getByRole('button', { name: 'Approve' }).click()
  await expect(page.getByRole('listitem').filter({ hasText: 'Cups of clay' })).toBeVisible()
})

test('the board of the test before is gone, and a failure of Pinterest is told', async ({ page, request }) => {
  const boards = await request.get(`${pinfoldUrl}/v5/boards?page_size=100`, { headers: { authorization } })
  expect(JSON.stringify(await boards.json())).not.toContain('Cups of clay')
  await request.post(`${pinfoldUrl}/_pinfold/faults`, {
    data: { operation: 'boards/list', effect: 'error', error: 'unavailable' },
  })
  await page.goto('/')
  await page.getByRole('link', { name: 'Connect Pinterest' }).click()
  await page.getByRole('button', { name: 'Open the demo' }).click()
  await page.getByRole('button', { name: 'Approve' }).click()
  await expect(page.getByRole('alert')).toHaveText('Pinterest is not available. Try again later.')
})
