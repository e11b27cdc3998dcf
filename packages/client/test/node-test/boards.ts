import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { type Pinfold, startPinfold } from '../../src/testing.ts'

// Run with `node --test` by testing.test.ts, as in a user's project.

let pinfold: Pinfold
before(async () => {
  pinfold = await startPinfold()
})
afterEach(() => pinfold.reset())
after(() => pinfold.close())

for (const name of ['Cups', 'Bowls'])
  test(`a board called ${name} is the only one`, async () => {
    const client = pinfold.client()
    await client.boards.create({ name })
    const boards = await client.boards.list().toArray()
    assert.deepEqual(
      boards.map((board) => board.name),
      [name],
    )
  })

test('somebody forgets to close a server, and the process ends all the same', async () => {
  await startPinfold()
})
