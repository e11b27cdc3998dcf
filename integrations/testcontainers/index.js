import { randomBytes, randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { AbstractStartedContainer, GenericContainer, getContainerRuntimeClient, Wait } from 'testcontainers'

const port = 4000
const seedFile = '/tmp/pinfold-seed.json'
const addressFile = '/tmp/pinfold-address'
const waiting = 'Pinfold waits for its address'

/** Pinfold must know where its clients reach it, and Docker chooses the port: it starts once that is known. */
const command = `echo '${waiting}'; until [ -s ${addressFile} ]; do sleep 0.1; done
export PINFOLD_PUBLIC_URL="$(cat ${addressFile})"; exec pinfold serve`

/** Letters and digits that nobody guesses. */
const secret = () => randomBytes(24).toString('hex')

export class PinfoldContainer extends GenericContainer {
  #accessToken = `pina_${secret()}`
  #appId = String(randomInt(1_000_000, 9_999_999))
  #appSecret = secret()
  #controlToken = secret()
  #password = secret()
  #startTimeoutMs = 60_000

  constructor(image = 'pinfold') {
    super(image)
    this.withSeed({
      accounts: [{ username: 'demo', password: this.#password, account_type: 'BUSINESS', business_name: 'Demo' }],
      apps: [{ id: this.#appId, secret: this.#appSecret, name: 'Demo app', owner: 'demo', loopback_redirects: true }],
      tokens: [{ app: this.#appId, account: 'demo', access_token: this.#accessToken }],
    })
      .withRateLimits('off')
      .withExposedPorts(port)
      .withEnvironment({ PINFOLD_CONTROL_TOKEN: this.#controlToken, PINFOLD_SEED: seedFile })
      .withWaitStrategy(Wait.forLogMessage(waiting))
      .withCommand(['sh', '-c', command])
  }

  withSeed(seed) {
    const [account] = seed.accounts ?? []
    const [app] = seed.apps ?? []
    const [token] = seed.tokens ?? []
    this.credentials = {
      ...(app && { PINTEREST_APP_ID: app.id, PINTEREST_APP_SECRET: app.secret }),
      ...(token && { PINTEREST_ACCESS_TOKEN: token.access_token }),
      ...(token?.refresh_token && { PINTEREST_REFRESH_ACCESS_TOKEN: token.refresh_token }),
      ...(account && { PINFOLD_USERNAME: account.username }),
      ...(account?.password && { PINFOLD_PASSWORD: account.password }),
    }
    this.contentsToCopy = this.contentsToCopy.filter(({ target }) => target !== seedFile)
    return this.withCopyContentToContainer([{ content: JSON.stringify(seed), target: seedFile, mode: 0o644 }])
  }

  withRateLimits(limits) {
    return this.withEnvironment({ PINFOLD_RATE_LIMITS: limits })
  }

  withStartupTimeout(startupTimeoutMs) {
    this.#startTimeoutMs = startupTimeoutMs
    return super.withStartupTimeout(startupTimeoutMs)
  }

  async start() {
    const container = await super.start()
    try {
      const url = `http://${container.getHost()}:${container.getMappedPort(port)}`
      await container.copyContentToContainer([{ content: url, target: addressFile, mode: 0o644 }])
      await this.#untilReady(container, url)
      return new StartedPinfoldContainer(container, url, this.credentials, this.#controlToken)
    } catch (error) {
      const said = await lastLines(container)
      await container.stop()
      throw new Error(`${error.message} It said:\n${said}`, { cause: error })
    }
  }

  async #untilReady(container, url) {
    const signal = AbortSignal.timeout(this.#startTimeoutMs)
    const isReady = () =>
      fetch(`${url}/_pinfold/health`, { signal }).then(
        ({ ok }) => ok,
        () => false,
      )
    while (!(await isReady())) {
      if (signal.aborted) throw new Error(`Pinfold was not ready after ${this.#startTimeoutMs} ms.`)
      if (!(await runs(container))) throw new Error('Pinfold ended while it started.')
      await sleep(50)
    }
  }
}

export class StartedPinfoldContainer extends AbstractStartedContainer {
  #controlToken
  #credentials
  #url

  constructor(container, url, credentials, controlToken) {
    super(container)
    this.#url = url
    this.#credentials = credentials
    this.#controlToken = controlToken
  }

  getUrl() {
    return this.#url
  }

  getEnvironment() {
    return { PINTEREST_API_URI: this.#url, PINTEREST_OAUTH_URI: this.#url, ...this.#credentials }
  }

  getControlToken() {
    return this.#controlToken
  }

  async control(method, path, body) {
    const response = await fetch(`${this.#url}/_pinfold/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#controlToken}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} /_pinfold/${path} was answered with ${response.status}: ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }

  async reset() {
    await this.control('POST', 'reset', {})
  }
}

async function runs(container) {
  const docker = (await getContainerRuntimeClient()).container
  return (await docker.inspect(docker.getById(container.getId()))).State.Running
}

/** The end of what a container wrote, for an error. */
async function lastLines(container) {
  const logs = await container.logs({ tail: 20 })
  let text = ''
  logs.on('data', (data) => {
    text += data
  })
  await Promise.race([new Promise((resolve) => logs.once('end', resolve)), sleep(2000)])
  return text
}
