// Run with Jest by .ci/run, as a module.
import { jest } from '@jest/globals'
import { startPinfold } from '@pinfold/client/testing'

test('a server has a clock of its own, also beside timers that stand still', async () => {
  jest.useFakeTimers()
  const pinfold = await startPinfold({ clock: 'manual' })
  const begun = pinfold.clock.now()
  pinfold.clock.advance(60_000)
  const { created_at } = await pinfold.client().boards.create({ name: 'Later' })
  expect(created_at).toBe(new Date(begun + 60_000).toISOString().slice(0, 19))
  await pinfold.close()
})
