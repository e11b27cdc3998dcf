import { execFile, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import http from 'node:http'
import https from 'node:https'
import net, { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { demoCredentials, startServer } from '@pinfold/server'
import { main, pinfold, withBundle } from '@pinfold/test-support/command'
import { has, hasPhpCurl, hasPythonPackage, hasRequests, olderNode } from '@pinfold/test-support/installed'
import { base64Source } from '@pinfold/test-support/pictures'
import { likePinterestsSdk } from '@pinfold/test-support/python-sdk'
import { startTestServer, trialApp } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

const run = promisify(execFile)
const hasCurl = has('curl', '--version')
const hasPython = has('python3', '--version')
const hasOpenssl = has('openssl', 'version')
/** Only Linux has more loopback addresses than 127.0.0.1 without any setup. */
const isLinux = process.platform === 'linux'

/** Programs as they are written for Pinterest: none knows Pinfold, all read their token from the environment. */
const programs = {
  'client.mjs': `
    import https from 'node:https'
    import http2 from 'node:http2'
    class PinterestClient {
      constructor(accessToken) {
        this.accessToken = accessToken
        this.baseUrl = 'https://api.pinterest.com/v5'
      }
      async request(endpoint, options = {}) {
        const headers = { Authorization: 'Bearer ' + this.accessToken, 'Content-Type': 'application/json' }
        const response = await fetch(this.baseUrl + endpoint, { ...options, headers })
        if (!response.ok) throw new Error('Pinterest API Error: ' + (await response.json()).message)
        return response.json()
      }
      getUserBoards() {
        return this.request('/boards')
      }
      createPin(boardId, title, imageUrl) {
        const media_source = { source_type: 'image_url', url: imageUrl }
        return this.request('/pins', { method: 'POST', body: JSON.stringify({ board_id: boardId, title, media_source }) })
      }
    }
    const token = process.env.PINTEREST_ACCESS_TOKEN
    const client = new PinterestClient(token)
    const { items: boards } = await client.getUserBoards()
    const { items: pins } = await client.request('/pins?page_size=1')
    const pin = await client.createPin(boards[0].id, 'From JavaScript', pins[0].media.images.originals.url)
    const picture = await fetch(pin.media.images['600x'].url)
    await picture.arrayBuffer()
    const failure = await client.request('/pins/1').catch((error) => error.message)

    const headers = { authorization: 'Bearer ' + token }
    const status = (options) => new Promise((resolve, reject) => {
      const answer = (response) => response.resume().on('end', () => resolve(response.statusCode))
      https.get('https://api.pinterest.com/v5/boards', { headers, ...options }, answer).on('error', reject)
    })
    const session = http2.connect('https://api.pinterest.com')
    const stream = session.request({ ':path': '/v5/boards', ...headers })
    const http2Status = await new Promise((resolve, reject) => {
      stream.on('response', (answer) => resolve(answer[':status'])).on('error', reject)
    })
    session.close()
    console.log(JSON.stringify({
      title: pin.title, picture: picture.status, failure,
      https: await status({}), ownAgent: await status({ agent: new https.Agent() }), http2: http2Status,
    }))`,
  'pins.py': `
import os
import requests

def create_pin(access_token, board_id, title, image_url):
    url = "https://api.pinterest.com/v5/pins"
    headers = {"Authorization": f"Bearer {access_token}", "Content-Type": "application/json"}
    data = {"board_id": board_id, "title": title, "media_source": {"source_type": "image_url", "url": image_url}}
    try:
        response = requests.post(url, headers=headers, json=data)
        response.raise_for_status()
        return response.json()
    except requests.exceptions.HTTPError as e:
        error_data = e.response.json()
        print(f"Error {error_data.get('code')}: {error_data.get('message')}")
        return None

token = os.environ["PINTEREST_ACCESS_TOKEN"]
session = requests.Session()
session.headers["Authorization"] = f"Bearer {token}"
board = session.get("https://api.pinterest.com/v5/boards").json()["items"][0]["id"]
image = session.get("https://api.pinterest.com/v5/pins?page_size=1").json()["items"][0]["media"]["images"]["originals"]["url"]
pin = create_pin(token, board, "From Python", image)
print(pin["title"], requests.get(pin["media"]["images"]["150x150"]["url"]).headers["content-type"])
create_pin(token, "1", "Nowhere", image)
`,
  'boards.py': `
import json, os, urllib.request
request = urllib.request.Request("https://api-sandbox.pinterest.com/v5/user_account",
                                 headers={"Authorization": "Bearer " + os.environ["PINTEREST_ACCESS_TOKEN"]})
print(json.load(urllib.request.urlopen(request))["username"])
`,
  'sdk.py': likePinterestsSdk,
  'clients.py': `
import asyncio, json, os, sys
url = "https://api.pinterest.com/v5/user_account"
headers = {"Authorization": "Bearer " + os.environ["PINTEREST_ACCESS_TOKEN"]}

def with_requests():
    import requests
    session = requests.Session()
    session.trust_env = False
    return session.get(url, headers=headers).json()

def with_urllib3():
    import urllib3
    return json.loads(urllib3.PoolManager().request("GET", url, headers=headers).data)

def with_httpx():
    import httpx
    async def ask(**options):
        async with httpx.AsyncClient(**options) as client:
            return (await client.get(url, headers=headers)).json()
    answers = [httpx.get(url, headers=headers).json(), httpx.get(url, headers=headers, trust_env=False).json(),
               asyncio.run(ask()), asyncio.run(ask(trust_env=False))]
    assert all(answer == answers[0] for answer in answers), answers
    return answers[0]

def with_aiohttp():
    import aiohttp
    async def ask():
        async with aiohttp.ClientSession() as session:
            async with session.get(url, headers=headers) as answer:
                return await answer.json()
    return asyncio.run(ask())

print(globals()["with_" + sys.argv[1]]()["username"])
`,
  'node-api.cjs': `
const PinterestClient = require(process.argv[2])
const http = require('node:http')
const https = require('node:https')
// It sends a request when its connection is made, and so never on one that was kept.
https.globalAgent = new https.Agent({ keepAlive: false })
const statuses = []
require('node:diagnostics_channel').subscribe('http.client.response.finish', ({ request, response }) => {
  if (request.method === 'DELETE') statuses.push(response.statusCode)
})
const client = new PinterestClient(process.env.PINTEREST_ACCESS_TOKEN)
client.boards.create({ name: 'Stray body' })
  .then((board) => client.boards.delete(board.id))
  .then((answer) => console.log(JSON.stringify({ answer, statuses })))
`,
  'boards.php': `<?php
$curl = curl_init('https://api.pinterest.com/v5/user_account');
curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
curl_setopt($curl, CURLOPT_HTTPHEADER, ['Authorization: Bearer ' . getenv('PINTEREST_ACCESS_TOKEN')]);
echo json_decode(curl_exec($curl))->username, curl_error($curl), "\\n";
`,
}

let folder: string
let config: string
let temporary: string
let server: Awaited<ReturnType<typeof startServer>>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pinfold-test-'))
  ;[config, temporary] = [join(folder, 'config'), join(folder, 'tmp')]
  await mkdir(temporary)
  for (const [name, text] of Object.entries(programs)) await writeFile(join(folder, name), text)
  server = await startServer({ port: 0, ephemeral: true })
  return async () => {
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
})

const cleanEnvironment = () => ({ XDG_CONFIG_HOME: config, TMPDIR: temporary, HTTPS_PROXY: '', https_proxy: '' })

/** Runs `pinfold exec` to its end. */
async function exec(args: readonly string[], env: Record<string, string> = {}) {
  const command = pinfold(['exec', ...args], { cwd: folder, env: { ...cleanEnvironment(), ...env } })
  const code = await command.ended
  return { code, stdout: command.stdout(), stderr: command.stderr() }
}

/** Runs `pinfold exec` against the server of these tests. */
const execHere = (...command: string[]) => exec(['--server', server.url, '--', ...command])

describe('under the variables of --print-env', () => {
  let variables: Record<string, string>
  let printed: string
  let proxy: http.Server
  let isRunning = false
  const tunnels: string[] = []
  const ownCa = () => join(folder, 'other.pem')

  beforeAll(async () => {
    if (hasOpenssl) makeCertificate('other', ['-addext', 'subjectAltName=IP:127.0.0.2'])
    proxy = await startProxy(tunnels)
    const { port } = proxy.address() as AddressInfo
    const files = { SSL_CERT_FILE: ownCa(), REQUESTS_CA_BUNDLE: ownCa(), CURL_CA_BUNDLE: ownCa() }
    const { stdout } = await run(
      process.execPath,
      [withBundle, '--', main, 'exec', '--print-env', '--server', server.url, '--log', 'shell.har'],
      {
        cwd: folder,
        env: {
          ...process.env,
          ...cleanEnvironment(),
          NODE_OPTIONS: '--no-deprecation',
          HTTPS_PROXY: `http://user:pass@127.0.0.1:${port}`,
          NO_PROXY: '.pinterest.com,internal.example',
          no_proxy: '.pinterest.com,internal.example',
          ...(hasOpenssl && { ...files, NODE_EXTRA_CA_CERTS: ownCa() }),
        },
      },
    )
    printed = stdout
    isRunning = true
    const { stdout: env } = await run('sh', ['-c', `${stdout}\nenv`])
    variables = Object.fromEntries(env.split('\n').map((line) => [line.split('=', 1)[0], line.replace(/^[^=]*=/, '')]))
    return () => {
      proxy.close()
      if (isRunning) process.kill(Number(variables.PINFOLD_EXEC_PID), 'SIGKILL')
    }
  })

  /** Runs a program in a shell that has the variables. */
  const inShell = (program: string, ...args: string[]) =>
    run(program, args, { cwd: folder, env: { ...process.env, NODE_OPTIONS: '', ...variables } })

  const fromJavaScript = {
    title: 'From JavaScript',
    picture: 200,
    failure: 'Pinterest API Error: Pin not found.',
    https: 200,
    ownAgent: 200,
    http2: 200,
  }

  test('every line sets a variable, and what the user had is kept', async () => {
    for (const line of printed.trimEnd().split('\n')) expect(line).toMatch(/^export [A-Za-z_]+='.*'$/)
    expect(variables).toMatchObject({
      NO_PROXY: 'internal.example,localhost,127.0.0.1',
      NODE_OPTIONS: expect.stringMatching(/^--no-deprecation --require "/),
      PINTEREST_ACCESS_TOKEN: demoCredentials.accessToken,
      PHP_INI_SCAN_DIR: expect.stringMatching(/^:/),
    })
    expect(printed).not.toContain('PINTEREST_API_URI')
  })

  test('Node 26: fetch, https, an agent of its own, HTTP/2', async () => {
    const { stdout } = await inShell(process.execPath, 'client.mjs')
    expect(JSON.parse(stdout)).toEqual(fromJavaScript)
  })

  test.skipIf(!olderNode)(`an older Node (${olderNode ?? 'none found'}): the same`, async () => {
    const { stdout } = await inShell(olderNode ?? '', 'client.mjs')
    expect(JSON.parse(stdout)).toEqual(fromJavaScript)
  })

  test.skipIf(!hasCurl)('curl', async () => {
    const authorization = `Authorization: Bearer ${demoCredentials.accessToken}`
    const { stdout } = await inShell('curl', '-sS', 'https://api.pinterest.com/v5/user_account', '-H', authorization)
    expect(JSON.parse(stdout)).toMatchObject({ username: 'demo' })
  })

  test.skipIf(!hasRequests)('Python requests (needs the package requests)', async () => {
    const { stdout } = await inShell('python3', 'pins.py')
    expect(stdout).toBe('From Python image/jpeg\nError 40: Board not found.\n')
  })

  test.skipIf(!hasPythonPackage('urllib3'))(
    "a program like Pinterest's SDK for Python (12.23; needs the package urllib3)",
    async () => {
      const { stdout } = await inShell('python3', 'sdk.py', 'As the SDK does')
      expect(stdout).toBe("As the SDK does ['New'] 204 demo\n")
    },
  )

  for (const name of ['requests', 'urllib3', 'httpx', 'aiohttp'])
    test.skipIf(!hasPythonPackage(name))(
      `Python ${name}, told of no proxy and of no certificates (12.23; needs the package ${name})`,
      async () => {
        expect((await inShell('python3', 'clients.py', name)).stdout).toBe('demo\n')
      },
    )

  test.skipIf(!hasPython)("Python runs the user's own sitecustomize as well (12.23)", async () => {
    const own = join(folder, 'own')
    await mkdir(own)
    await writeFile(join(own, 'sitecustomize.py'), 'import sys\nsys.customized = "by the user"\n')
    const PYTHONPATH = `${variables.PYTHONPATH}:${own}`
    const script = `import sys, sitecustomize; print(sys.customized, sitecustomize.__file__, any("pinfold-exec" in p for p in sys.path))`
    const { stdout } = await run('python3', ['-c', script], { env: { ...process.env, ...variables, PYTHONPATH } })
    expect(stdout).toBe(`by the user ${join(own, 'sitecustomize.py')} False\n`)
  })

  test('pinterest-node-api, which sends a body after a DELETE without saying so (12.23)', async () => {
    const api = fileURLToPath(import.meta.resolve('pinterest-node-api'))
    const { stdout } = await inShell(process.execPath, 'node-api.cjs', api)
    expect(JSON.parse(stdout)).toEqual({ answer: {}, statuses: [204] })
  })

  test.skipIf(!hasPython)('Python urllib', async () => {
    expect((await inShell('python3', 'boards.py')).stdout).toBe('demo\n')
  })

  test.skipIf(!hasPhpCurl)('PHP curl (needs php-curl)', async () => {
    expect((await inShell('php', 'boards.php')).stdout).toBe('demo\n')
  })

  test('the consent pages, pictures and uploads under their hosts', async () => {
    const script = `
      const send = (url, init) => fetch(url, { redirect: 'manual', ...init })
      const consent = await send('https://www.pinterest.com/oauth/?client_id=1234567&redirect_uri=http://localhost:3000/&response_type=code&scope=boards:read')
      const body = new URLSearchParams({ username: 'demo', password: 'pinfold-demo', return_to: '/oauth/sign-in' })
      const signIn = await send('https://www.pinterest.com/oauth/sign-in', { method: 'POST', body, headers: { origin: 'https://www.pinterest.com' } })
      const headers = { authorization: 'Bearer ' + process.env.PINTEREST_ACCESS_TOKEN }
      const { items } = await (await send('https://api.pinterest.com/v5/pins?page_size=1', { headers })).json()
      const name = new URL(items[0].media.images['600x'].url).pathname.split('/').pop()
      const picture = await send('https://i.pinimg.com/600x/ab/cd/ef/' + name)
      const upload = async (addressOf) => {
        const json = { ...headers, 'content-type': 'application/json' }
        const asked = { method: 'POST', headers: json, body: '{"media_type":"video"}' }
        const media = await (await send('https://api.pinterest.com/v5/media', asked)).json()
        const form = new FormData()
        for (const [name, value] of Object.entries(media.upload_parameters)) form.append(name, value)
        form.append('file', new Blob(['no video']), 'a.mp4')
        return (await send(addressOf(media), { method: 'POST', body: form })).status
      }
      const uploads = [
        await upload((media) => media.upload_url),
        await upload(() => 'https://pinterest-media-upload.s3-accelerate.amazonaws.com/'),
      ]
      console.log(consent.status, signIn.status, picture.headers.get('content-type'), ...uploads)`
    const { stdout } = await inShell(process.execPath, '--input-type=module', '-e', script)
    expect(stdout).toMatch(/^200 303 image\/(png|jpeg) 204 204\n$/)
  })

  test.skipIf(!hasCurl)('what a client asks its proxy to fetch over TLS, as some do', async () => {
    const { port } = new URL(variables.HTTPS_PROXY ?? '')
    const socket = net.connect(Number(port), '127.0.0.1')
    socket.write(
      'GET https://api.pinterest.com/v5/user_account HTTP/1.1\r\nHost: api.pinterest.com\r\nConnection: close\r\n' +
        `Authorization: Bearer ${demoCredentials.accessToken}\r\n\r\n`,
    )
    let answer = ''
    for await (const part of socket) answer += part
    expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n[\s\S]*"username":"demo"/)
  })

  test.skipIf(!isLinux || !hasOpenssl || !hasCurl)(
    'another host is reached with its own certificate, through the proxy of the user (needs openssl, curl, Linux)',
    async () => {
      const key = await readFile(join(folder, 'other.key'))
      const other = https.createServer({ key, cert: await readFile(ownCa()) }, (_request, response) => {
        response.end('untouched')
      })
      other.listen(0, '127.0.0.2')
      await once(other, 'listening')
      const { port } = other.address() as AddressInfo
      const url = `https://127.0.0.2:${port}/`
      const calls = [
        inShell('curl', '-sS', url),
        inShell(process.execPath, '-e', `fetch('${url}').then((answer) => answer.text()).then(console.log)`),
        inShell('python3', '-c', `import urllib.request; print(urllib.request.urlopen("${url}").read().decode())`),
      ]
      for (const { stdout } of await Promise.all(calls)) expect(stdout.trim()).toBe('untouched')
      other.close()
      expect(new Set(tunnels)).toEqual(new Set([`127.0.0.2:${port} Basic dXNlcjpwYXNz`]))
    },
  )

  test.skipIf(!hasCurl)('a host that cannot be reached is an answer of the proxy, with the reason', async () => {
    const { stdout } = await inShell('curl', '-sS', 'http://127.0.0.2:9/')
    expect(stdout).toBe('pinfold exec: cannot reach 127.0.0.2:9: connect ECONNREFUSED 127.0.0.2:9\n')
    await expect(inShell('curl', '-sS', 'https://127.0.0.2:9/')).rejects.toThrow('response 502')
  })

  test.skipIf(!isLinux)('nothing listens but on 127.0.0.1 (needs Linux)', async () => {
    for (const port of [new URL(variables.HTTPS_PROXY ?? '').port, variables.PINFOLD_EXEC_TLS_PORT]) {
      const socket = net.connect(Number(port), '127.0.0.2')
      await expect(once(socket, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    }
  })

  test('the log is whole while the process still runs', async () => {
    const { entries } = JSON.parse(await readFile(join(folder, 'shell.har'), 'utf8')).log
    expect(entries.length).toBeGreaterThan(5)
  })

  test('kill ends it, and it leaves nothing', async () => {
    process.kill(Number(variables.PINFOLD_EXEC_PID), 'SIGTERM')
    await expect.poll(() => readdir(temporary)).toEqual([])
    isRunning = false
  })
})

describe('pinfold exec', () => {
  test('starts a server of its own, shows nothing but what the program prints, and leaves nothing', async () => {
    const { code, stdout, stderr } = await exec(['--', process.execPath, 'client.mjs'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({ title: 'From JavaScript', https: 200 })
    expect(await readdir(temporary)).toEqual([])
  })

  test('takes apps on the trial tier to the sandbox, where they may make Pins (12.20)', async () => {
    const own = await startTestServer()
    const script = `
      const headers = { authorization: 'Bearer ' + process.argv[1], 'content-type': 'application/json' }
      const post = async (host, path, body) =>
        (await fetch('https://' + host + '/v5' + path, { method: 'POST', headers, body: JSON.stringify(body) })).json()
      const board = await post('api.pinterest.com', '/boards', { name: 'On trial' })
      const pin = { board_id: board.id, media_source: JSON.parse(process.argv[2]) }
      const refused = await post('api.pinterest.com', '/pins', pin)
      const made = await post('api-sandbox.pinterest.com', '/pins', pin)
      console.log(JSON.stringify({ code: refused.code, isOnBoard: made.board_id === board.id }))`
    const program = [process.execPath, '--input-type=module', '-e', script, trialApp.token]
    const source = JSON.stringify(await base64Source(1))
    const { stdout, stderr } = await exec(['--server', own.url, '--', ...program, source])
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual({ code: 29, isOnBoard: true })
  })

  test('records in HAR what went through, without secrets, also when the program is killed', async () => {
    const script = `
      const { PINTEREST_APP_ID: id, PINTEREST_APP_SECRET: secret, PINTEREST_REFRESH_ACCESS_TOKEN: refresh_token } = process.env
      const post = async (form, headers) => {
        const body = new URLSearchParams(form)
        return (await fetch('https://api.pinterest.com/v5/oauth/token', { method: 'POST', body, headers })).json()
      }
      const authorization = 'Basic ' + btoa(id + ':' + secret)
      const { access_token } = await post({ grant_type: 'refresh_token', refresh_token }, { authorization })
      await post({ grant_type: 'refresh_token', refresh_token, client_id: id, client_secret: secret }, {})
      const body = new URLSearchParams({ username: 'demo', password: process.env.PINFOLD_PASSWORD, return_to: '/' })
      await fetch('https://www.pinterest.com/oauth/sign-in', { method: 'POST', body, redirect: 'manual' })
      await fetch('https://api.pinterest.com/v5/boards?access_token=' + access_token, { headers: { authorization: 'Bearer ' + access_token } })
      await fetch('https://api.pinterest.com/v5/pins/1', { headers: { authorization: 'Bearer ' + access_token } })
      process.stdout.write(access_token, () => process.kill(process.pid, 'SIGKILL'))`
    const program = [process.execPath, '--input-type=module', '-e', script]
    const { code, stdout } = await exec(['--server', server.url, '--log', 'calls.har', '--', ...program])
    expect(code).toBe('SIGKILL')
    const file = join(folder, 'calls.har')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const text = await readFile(file, 'utf8')
    const { log } = JSON.parse(text)
    expect(log).toMatchObject({ version: '1.2', creator: { name: 'pinfold exec' } })
    const seen = log.entries.map(
      ({ request, response }: HarEntry) => `${request.method} ${request.url} ${response.status}`,
    )
    expect(seen).toEqual([
      'POST https://api.pinterest.com/v5/oauth/token 200',
      expect.stringMatching(/^POST https:\/\/api.pinterest.com\/v5\/oauth\/token 4/),
      'POST https://www.pinterest.com/oauth/sign-in 303',
      'GET https://api.pinterest.com/v5/boards?access_token=… 200',
      'GET https://api.pinterest.com/v5/pins/1 404',
    ])
    expect(log.entries[4].response.content.text).toContain('"code":50')
    expect(log.entries[0].request.postData.text).toBe('grant_type=refresh_token&refresh_token=…')
    const { appSecret, accessToken, refreshToken, password } = demoCredentials
    const basic = btoa(`${demoCredentials.appId}:${appSecret}`)
    for (const secret of [stdout, appSecret, accessToken, refreshToken, password, basic]) {
      expect(secret.length).toBeGreaterThan(8)
      expect(text).not.toContain(secret)
    }
    expect(text).not.toMatch(/pinfold_session=[^…]|pin[acr]_/)
  })

  test('ends as the program ends', async () => {
    expect(await execHere('sh', '-c', 'echo out; echo err >&2; exit 7')).toEqual({
      code: 7,
      stdout: 'out\n',
      stderr: 'err\n',
    })
  })

  test('passes a signal on, and ends by the one that ended the program', async () => {
    const handles = `trap 'echo told; exit 3' TERM; echo ready; while :; do sleep 0.05; done`
    const ended: [string, NodeJS.Signals, number | NodeJS.Signals, string][] = [
      [handles, 'SIGTERM', 3, 'ready\ntold\n'],
      ['echo ready; exec sleep 60', 'SIGINT', 'SIGINT', 'ready\n'],
    ]
    const runs = ended.map(async ([script, signal, end, output]) => {
      const command = pinfold(['exec', '--server', server.url, '--', 'sh', '-c', script], { env: cleanEnvironment() })
      await expect.poll(() => command.stdout()).toContain('ready')
      command.child.kill(signal)
      expect([await command.ended, command.stdout()]).toEqual([end, output])
    })
    await Promise.all(runs)
  })

  test('says what is wrong with the call', async () => {
    const cases: [string[], number, string][] = [
      [[], 2, 'name the program to run, after --'],
      [['--server', 'nonsense', '--', 'true'], 2, 'such as http://127.0.0.1:4000'],
      [['--print-env', '--', 'true'], 2, 'takes no command'],
      [
        ['--server', 'http://127.0.0.1:9', '--', 'true'],
        1,
        'No server answers at http://127.0.0.1:9: connect ECONNREFUSED',
      ],
      [['--print-env', '--server', 'http://127.0.0.1:9'], 1, 'pinfold: No server answers at http://127.0.0.1:9'],
      [
        ['--server', server.url, '--log', 'no/such/folder.har', '--', 'true'],
        2,
        'Cannot write the log no/such/folder.har',
      ],
      [['--server', server.url, '--', 'no-such-program'], 127, 'There is no program called no-such-program.'],
      [['--server', server.url, '--', folder], 126, `Cannot run ${folder}`],
    ]
    const check = async ([args, code, message]: (typeof cases)[number]) => {
      const { stderr, ...rest } = await exec(args)
      expect({ args, ...rest }).toEqual({ args, code, stdout: '' })
      expect(stderr).toContain(message)
    }
    await Promise.all(cases.map(check))
    expect(await readdir(temporary)).toEqual([])
  })
})

test.skipIf(!hasPythonPackage('urllib3'))(
  "a program like Pinterest's SDK for Python runs with the env file of a server (12.23; needs the package urllib3)",
  async () => {
    await pinfold(['serve', '--port', '0', '--ephemeral', '--write-env', 'pinfold.env'], { cwd: folder }).ready()
    const command = '. ./pinfold.env && python3 sdk.py "With an env file"'
    const { stdout } = await run('sh', ['-c', command], { cwd: folder })
    expect(stdout).toBe("With an env file ['New'] 204 demo\n")
  },
)

describe('the certificate authority', () => {
  const authorityFile = () => join(config, 'pinfold', 'exec-ca.pem')
  const contents = () => readFile(authorityFile(), 'utf8')

  test('is made once, for this user alone, also by two at once', async () => {
    await rm(config, { recursive: true, force: true })
    const readTrust = ['--server', server.url, '--', 'sh', '-c', 'cat "$NODE_EXTRA_CA_CERTS"']
    const [one, two] = await Promise.all([exec(readTrust), exec(readTrust)])
    expect([one.code, two.code]).toEqual([0, 0])
    expect(one.stdout).toContain('-----BEGIN CERTIFICATE-----')
    expect(one.stdout).not.toContain('PRIVATE KEY')
    expect(two.stdout).toBe(one.stdout)
    const text = await contents()
    expect(text).toContain('-----BEGIN PRIVATE KEY-----')
    expect([(await stat(join(config, 'pinfold'))).mode & 0o777, (await stat(authorityFile())).mode & 0o777]).toEqual([
      0o700, 0o600,
    ])
    expect(await readdir(join(config, 'pinfold'))).toEqual(['exec-ca.pem'])
    expect((await exec(readTrust)).stdout).toBe(one.stdout)
    expect(await contents()).toBe(text)
  })

  test.skipIf(!hasOpenssl)('can vouch for nobody but Pinterest (needs openssl)', async () => {
    const { stdout } = await run('openssl', ['x509', '-in', authorityFile(), '-noout', '-text'])
    expect(stdout).toMatch(/Name Constraints: critical\s+Permitted:\s+DNS:api\.pinterest\.com/)
    expect(stdout).not.toMatch(/DNS:(amazonaws\.com|pinterest\.com)/)
  })

  test.skipIf(!hasOpenssl)('is renewed before it ends, and when others could read it (needs openssl)', async () => {
    const before = await contents()
    const [firstLine = ''] = before.split('\n')
    makeCertificate('ending', ['-days', '30'])
    const pair = await Promise.all(['ending.pem', 'ending.key'].map((name) => readFile(join(folder, name), 'utf8')))
    await writeFile(authorityFile(), [`${firstLine}\n`, ...pair].join(''))
    expect((await execHere('true')).code).toBe(0)
    const renewed = await contents()
    expect(renewed).not.toContain(pair[0])

    await chmod(authorityFile(), 0o644)
    expect((await execHere('true')).code).toBe(0)
    expect(await contents()).not.toBe(renewed)
    expect((await stat(authorityFile())).mode & 0o777).toBe(0o600)
  })
})

interface HarEntry {
  request: { method: string; url: string }
  response: { status: number }
}

/** A key and a certificate that vouches for itself, as NAME.key and NAME.pem. */
function makeCertificate(name: string, options: readonly string[]): void {
  const files = ['-keyout', `${name}.key`, '-out', `${name}.pem`]
  const { status, stderr } = spawnSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${name}`, ...files, ...options],
    { cwd: folder, encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(stderr)
}

/** Starts a proxy as a company may have one: it records the targets of connections, and their users. */
async function startProxy(tunnels: string[]): Promise<http.Server> {
  const proxy = http.createServer().on('connect', (request, client, head) => {
    tunnels.push(`${request.url} ${request.headers['proxy-authorization']}`)
    const { hostname, port } = new URL(`https://${request.url}`)
    const remote = net.connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n')
      remote.write(head)
      client.pipe(remote).pipe(client)
    })
    client.on('error', () => remote.destroy())
    remote.on('error', () => client.destroy())
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  return proxy
}
