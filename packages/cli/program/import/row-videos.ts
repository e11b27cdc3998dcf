import { InvalidRequestError, NotFoundError, type PinterestClient } from '@pinfold/client'
import type { Journal } from './journal.ts'

type WaitOptions = NonNullable<Parameters<PinterestClient['media']['whenReady']>[1]>

/** The videos of rows, each uploaded once across runs: a creation that is retried must be the same request. */
export class RowVideos {
  readonly #client: PinterestClient
  readonly #journal: Journal
  readonly #options: WaitOptions

  /** `options` are those of each upload, and of waiting until its video is ready. */
  constructor(client: PinterestClient, journal: Journal, options: WaitOptions) {
    this.#client = client
    this.#journal = journal
    this.#options = options
  }

  /** Returns the media id of the video of the row under `key`, and uploads the file if no run has. */
  async uploadOnce(video: string, key: string, row: number): Promise<string> {
    const { past } = this.#journal
    const known = past.uploaded.get(key)
    if (known !== undefined) return known
    const { media_id } = (await this.#sentBefore(key)) ?? (await this.#upload(video, key, row))
    await this.#journal.add({ uploaded: key, row, media: media_id })
    past.uploaded.set(key, media_id)
    past.sent.delete(key)
    return media_id
  }

  #upload(video: string, key: string, row: number) {
    const onSent = async (media: string) => {
      await this.#journal.add({ sent: key, row, media })
      this.#journal.past.sent.set(key, media)
    }
    return this.#client.media.upload(video, { ...this.#options, onSent })
  }

  /** Returns a row's video that was already sent, once it is ready; undefined if it cannot be used. */
  async #sentBefore(key: string) {
    const { sent } = this.#journal.past
    const media = sent.get(key)
    if (media === undefined) return undefined
    try {
      return await this.#client.media.whenReady(media, this.#options)
    } catch (error) {
      if (!(error instanceof InvalidRequestError || error instanceof NotFoundError)) throw error
      sent.delete(key)
      return undefined
    }
  }
}
