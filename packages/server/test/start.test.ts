import { demoCredentials, startServer } from '@pinfold/server'
import { expect, test } from 'vitest'

test('a server starts with nothing but its defaults, and ends with the block it was made in (11.14)', async () => {
  let url: string
  {
    await using server = await startServer({ port: 0, ephemeral: true })
    url = server.url
    expect(server.seed).toBe('demo')
    const boards = await fetch(`${url}/v5/boards`, {
      headers: { authorization: `Bearer ${demoCredentials.accessToken}` },
    })
    expect([boards.status, boards.headers.has('x-ratelimit-limit')]).toEqual([200, true])
    expect((await fetch(`${url}/oauth/sign-up`)).status).toBe(200)
  }
  await expect(fetch(`${url}/_pinfold/health`)).rejects.toThrow()
})
