import { Resolver } from 'node:dns/promises'
import type { VerificationMethod } from '@pinfold/contract'
import { ApiError } from '../../core/errors.ts'
import { fairQueue } from '../../core/fair-queue.ts'
import { fetchProblem, guardedConnections, requestGuarded } from '../../core/fetch-guard.ts'
import { type Codes, metaName } from './codes.ts'
import { metaContents } from './meta-tags.ts'

export interface LookOptions {
  /** Whether addresses of this machine may be looked at: only while nobody else can ask for it. */
  allowLoopback: boolean
  /** The DNS servers to ask, as `address:port`. Default: those of the machine. */
  dnsServers?: readonly string[]
}

/** Looks for codes on websites that strangers name. */
export interface Look {
  /** Returns once the code is found. Accounts are served in turn. Throws `websiteNotVerified`, or `rateLimited`. */
  find(accountId: number, method: VerificationMethod, website: string, codes: Codes): Promise<void>
  /** Closes the connections. */
  close(): Promise<void>
}

const timeoutMs = 10_000
/** No more of a page is read: its head is at the beginning. */
const pageBytes = 1_000_000
const looking = {
  ...{ running: 8, runningPerAccount: 2 },
  ...{ waiting: 64, waitingPerAccount: 8 },
  refusal: 'Too many websites are waiting to be looked at.',
} as const

/** Makes what looks for codes: over https first, then http, in 10 seconds and 1 MB at most. */
export function lookOf({ allowLoopback, dnsServers }: LookOptions): Look {
  const queue = fairQueue(looking)
  const { open, closing, close } = guardedConnections({ allowLoopback, timeoutMs })
  const read = async (url: string, signal: AbortSignal): Promise<string> => {
    const headers = { accept: 'text/html', 'accept-encoding': 'identity', 'user-agent': 'Pinfold (website claims)' }
    const answer = await requestGuarded(url, { agent: await open(), allowLoopback, signal, headers })
    if (answer.statusCode === 200) return beginningOf(answer.body)
    await answer.body.dump()
    throw new WrongAnswer(`It answered with status ${answer.statusCode}.`)
  }
  const findIn = async (address: string, what: string, isIn: (text: string) => boolean): Promise<void> => {
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), closing])
    const problems: string[] = []
    for (const scheme of ['https', 'http']) {
      const url = `${scheme}://${address}`
      try {
        if (isIn(await read(url, signal))) return
        problems.push(`${what} is not in ${url}.`)
      } catch (error) {
        const reason = error instanceof WrongAnswer ? error.message : fetchProblem(error, timeoutMs)
        problems.push(`${url} could not be read: ${reason}`)
      }
    }
    throw new ApiError('websiteNotVerified', { detail: problems.join(' ') })
  }
  const look: Record<VerificationMethod, (website: string, codes: Codes) => Promise<void>> = {
    METATAG: (website, { metatag, verification_code: code }) =>
      findIn(pageOf(website), metatag, (html) => metaContents(html, metaName).includes(code)),
    FILENAME: (website, { filename, verification_code: code }) =>
      findIn(`${website}/${filename}`, `The code ${code}`, (text) => text.includes(code)),
    DNSTXT: (website, { dns_txt_record: record }) => findRecord(website, record, dnsServers),
  }
  return {
    find: (accountId, method, website, codes) =>
      queue.run(accountId, () => look[method](website, codes), { signal: closing }),
    close,
  }
}

/** An answer that is no page: `message` says so. */
class WrongAnswer extends Error {}

/** Of a path the page is asked for as it is; of a host alone, its first page. */
const pageOf = (website: string): string => (website.includes('/') ? website : `${website}/`)

async function beginningOf(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of body) {
    parts.push(part)
    size += part.length
    if (size >= pageBytes) break
  }
  return Buffer.concat(parts).subarray(0, pageBytes).toString('utf8')
}

async function findRecord(website: string, record: string, servers: readonly string[] | undefined): Promise<void> {
  const [host = ''] = website.split(/[/:]/)
  const resolver = new Resolver({ timeout: 3000, tries: 2 })
  if (servers) resolver.setServers(servers)
  const records = await resolver.resolveTxt(host).catch(() => [])
  if (!records.some((parts) => parts.join('') === record))
    throw new ApiError('websiteNotVerified', { detail: `No TXT record of ${host} is ${record}.` })
}
