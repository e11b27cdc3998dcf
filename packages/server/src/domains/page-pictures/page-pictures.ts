import type { Clock } from '../../core/clock.ts'
import { ApiError } from '../../core/errors.ts'
import { fairQueue } from '../../core/fair-queue.ts'
import { AddressRefused, fetchProblem, guardedConnections } from '../../core/fetch-guard.ts'
import type { PictureFetcher } from '../media/fetch-picture.ts'
import type { Pictures, SmallPicture } from '../media/pictures.ts'
import { findPictures, type PageContent, type PagePicture } from './find-pictures.ts'
import { previewKeys } from './preview-keys.ts'
import { type ReadAddress, readAddress } from './read-page.ts'

/** What somebody who wants to pin from the web finds at an address. */
export interface FoundAtAddress extends Omit<PageContent, 'pictures'> {
  /** Whether the address is a picture's own. */
  isPicture: boolean
  /** The pictures; of a picture, itself. */
  pictures: (PagePicture & {
    /** Permits to see a preview of it. */
    permit: string
  })[]
}

/** Looks at pages of the web for somebody who wants to pin pictures of them. */
export interface PagePictures {
  /**
   * Looks at an address for an account. Accounts are served in turn. Throws `imageUnreachable`, `imageInvalid` if it
   * is neither a page nor a picture, and `rateLimited`.
   */
  look(accountId: number, address: string): Promise<FoundAtAddress>
  /**
   * Fetches a picture, and makes a small one of it. Returns undefined if the account has no permit. Throws
   * `imageUnreachable`, `imageInvalid`, and `rateLimited`.
   */
  preview(accountId: number, permit: string): Promise<SmallPicture | undefined>
  /** Closes the connections. */
  close(): Promise<void>
}

export interface PagePicturesOptions {
  clock: Clock
  /** A secret of the installation. */
  key: Buffer
  fetcher: PictureFetcher
  pictures: Pick<Pictures, 'makeSmall'>
  /** Whether addresses of this machine may be looked at: only while nobody else can ask for it. */
  allowLoopback: boolean
  /** Whether the fetcher draws pictures in place of those that it does not reach: then each may be one. */
  hasStandIns: boolean
}

const timeoutMs = 10_000
/** The longer side of a preview, in pixels. */
const previewSide = 480
const looking = {
  ...{ running: 8, runningPerAccount: 2 },
  ...{ waiting: 64, waitingPerAccount: 16 },
  refusal: 'Too many pages are waiting to be looked at.',
} as const

/** Makes what looks at pages: in 10 seconds and 2 MB at most. */
export function pagePicturesOf(options: PagePicturesOptions): PagePictures {
  const { clock, key, fetcher, pictures, allowLoopback, hasStandIns } = options
  const queue = fairQueue(looking)
  const keys = previewKeys(key, clock)
  const { open, closing, close } = guardedConnections({ allowLoopback, timeoutMs })
  const read = async (address: string): Promise<ReadAddress> => {
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), closing])
    try {
      return await readAddress(address, { agent: await open(), allowLoopback, signal })
    } catch (error) {
      if (error instanceof ApiError && error.entry !== 'imageUnreachable') throw error
      const url = URL.parse(address)
      if (hasStandIns && url && !(error instanceof AddressRefused)) return { kind: 'picture', url }
      if (error instanceof ApiError) throw error
      throw new ApiError('imageUnreachable', { detail: fetchProblem(error, timeoutMs), cause: error })
    }
  }
  const contentOf = async (found: ReadAddress): Promise<PageContent> => {
    if (found.kind === 'page') return findPictures(found.html, found.url)
    const { href: url } = found.url
    return { title: '', description: '', link: '', pictures: [{ url, width: null, height: null, alt: '' }] }
  }
  return {
    async look(accountId, address) {
      const found = await queue.run(accountId, () => read(address), { signal: closing })
      const content = await contentOf(found)
      return {
        ...content,
        isPicture: found.kind === 'picture',
        pictures: content.pictures.map((each) => ({ ...each, permit: keys.make({ accountId, url: each.url }) })),
      }
    },

    async preview(accountId, permit) {
      const url = keys.read(accountId, permit)
      if (url === undefined) return undefined
      return pictures.makeSmall(accountId, await fetcher.fetch(url, { accountId }), { side: previewSide })
    },

    close,
  }
}
