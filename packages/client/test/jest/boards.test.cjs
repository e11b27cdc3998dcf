// Run with Jest by .ci/run, in a project that has installed the packages, as somebody's tests would be.
const { NotFoundError } = require('@pinfold/client')
const { startPinfold } = require('@pinfold/client/testing')

let pinfold
beforeAll(async () => {
  pinfold = await startPinfold()
})
afterEach(() => pinfold.reset())
afterAll(() => pinfold.close())

test.each(['Cups', 'Bowls'])('a board called %s is the only one', async (name) => {
  const client = pinfold.client()
  await client.boards.create({ name })
  const boards = await client.boards.list().toArray()
  expect(boards.map((board) => board.name)).toEqual([name])
})

test('a Pin that is not there is missed', async () => {
  await expect(pinfold.client().pins.get('1')).rejects.toThrow(NotFoundError)
})
