import { createServer } from 'node:http'

// The app under test: signs people in at Pinterest and lists their boards. In your tests, it is your own.

const {
  PINTEREST_API_URI: api,
  PINTEREST_OAUTH_URI: oauth,
  PINTEREST_APP_ID: id,
  PINTEREST_APP_SECRET: secret,
} = process.env
const appUrl = new URL(process.env.APP_URL)
const redirectUri = `${appUrl.origin}/callback`
const escapeHtml = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

createServer(async ({ url }, response) => {
  const { pathname, searchParams } = new URL(url, appUrl)
  const page = (body) => response.setHeader('content-type', 'text/html; charset=utf-8').end(`<!doctype html>${body}`)
  if (pathname !== '/callback') {
    const asked = {
      client_id: id,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'boards:read,user_accounts:read',
    }
    return page(`<a href="${escapeHtml(`${oauth}/oauth/?${new URLSearchParams(asked)}`)}">Connect Pinterest</a>`)
  }
  if (searchParams.has('error')) return page('<p role="alert">You did not allow it.</p>')
  const body = { grant_type: 'authorization_code', code: searchParams.get('code') ?? '', redirect_uri: redirectUri }
  const token = await fetch(`${api}/v5/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams(body),
  })
  const { access_token } = await token.json()
  const boards = await fetch(`${api}/v5/boards`, { headers: { authorization: `Bearer ${access_token}` } })
  if (!boards.ok) return page('<p role="alert">Pinterest is not available. Try again later.</p>')
  const { items } = await boards.json()
  page(`<h1>Your boards</h1><ul>${items.map(({ name }) => `<li>${escapeHtml(name)}</li>`).join('')}</ul>`)
}).listen(appUrl.port, appUrl.hostname)
