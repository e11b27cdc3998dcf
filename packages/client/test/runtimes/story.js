// What somebody does with the client, in Node, Bun and Deno alike: makes Pins, pages through them, meets errors, signs
// in. Prints what they saw, as JSON. The service, a token and an app are named in the environment.
import {
  AuthenticationError,
  ConnectionError,
  InvalidRequestError,
  NotFoundError,
  PinterestClient,
} from '@pinfold/client'
import { signIn } from '@pinfold/client/node'

const { PINTEREST_API_URI: baseUrl, PINTEREST_ACCESS_TOKEN: accessToken } = process.env
const { PINTEREST_APP_ID: clientId, PINTEREST_APP_SECRET: clientSecret } = process.env
const client = new PinterestClient({ baseUrl, accessToken })
const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAIAAAA2iEnWAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAEElEQVQI12OQzQoBIgYUCgA0sAUjOO9BDQAAAABJRU5ErkJggg=='
const picture = Uint8Array.from(atob(png), (character) => character.charCodeAt(0))
const seen = {}

const board = await client.boards.create({ name: 'Teal things' })
const pin = await client.pins.create({ board_id: board.id, title: 'From bytes', picture })
seen.picture = pin.media.images.originals

const titles = ['One', 'Two', 'Three', 'Four']
const progress = []
const made = await client.pins.createMany(
  [...titles.map((title) => ({ board_id: board.id, title, picture: new Blob([picture]) })), { board_id: '1', picture }],
  { concurrency: 2, onProgress: ({ done, total }) => progress.push(`${done}/${total}`) },
)
seen.made = made.map((each) => (each.status === 'created' ? each.pin.title : each.error.name))
seen.progress = progress

const listed = []
for await (const { title } of client.boards.listPins(board.id, { page_size: 2 })) listed.push(title)
seen.listed = listed.toSorted()
const page = await client.boards.listPins(board.id, { page_size: 3 })
seen.pages = [page.items.length, (await page.next()).items.length]

/** Which class an error is of, and what it carries. */
async function failure(call, Class) {
  const error = await call.catch((thrown) => thrown)
  return [error instanceof Class, error.status, typeof error.requestId]
}
const nobody = new PinterestClient({ baseUrl, accessToken: 'pina_nobody' })
seen.errors = {
  notFound: await failure(client.pins.get('1'), NotFoundError),
  authentication: await failure(nobody.boards.list(), AuthenticationError),
  invalid: await failure(client.boards.create({ name: '' }), InvalidRequestError),
}

// A creation is sent again where it is certain that nothing was sent, also to a service that knows no keys.
const tries = []
const nowhere = new PinterestClient({
  baseUrl: 'http://127.0.0.1:1024',
  accessToken,
  idempotencyKeys: false,
  maxRetries: 1,
  logger: { warn: (message) => tries.push(message) },
})
seen.nowhere = [...(await failure(nowhere.boards.create({ name: 'Nowhere' }), ConnectionError)), tries.length]

const app = new PinterestClient({ baseUrl, clientId, clientSecret })
seen.signIn = await signIn({
  client: app,
  scopes: ['boards:read'],
  openBrowser: async (url) => {
    const { searchParams } = new URL(url)
    const back = new URL(searchParams.get('redirect_uri'))
    back.search = new URLSearchParams({ error: 'access_denied', state: searchParams.get('state') }).toString()
    // What the browser is shown comes while the program goes on.
    fetch(back).then((answer) => answer.text())
  },
}).catch((error) => [error.name, error.reason])
const { accessToken: other } = await app.oauth.clientCredentials(['user_accounts:read'])
seen.username = (await new PinterestClient({ baseUrl, accessToken: other }).userAccount.get()).username

await client.boards.delete(board.id)
console.log(JSON.stringify(seen))
