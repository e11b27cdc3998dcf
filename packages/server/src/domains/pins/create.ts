import { ApiError, invalid } from '../../core/errors.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Database, Written } from '../../db/database.ts'
import type { Boards } from '../boards/boards.ts'
import type { PictureFetcher } from '../media/fetch-picture.ts'
import type { Pictures } from '../media/pictures.ts'
import { VideoGone, type Videos } from '../videos/videos.ts'
import { fetchMedia } from './fetch-media.ts'
import { checkPin, type InsertOptions, insertPin, type MadePin } from './insert.ts'
import { type MediaSource, type PlannedMedia, planMedia } from './media-source.ts'
import { findToSave } from './read.ts'
import type { PinSaves } from './save.ts'
import { showPlanned } from './shown-media.ts'
import { withPictures } from './with-pictures.ts'
import type { PinWords } from './words.ts'

/** A Pin to make. */
export interface NewPin extends PinWords {
  /** Required. */
  board_id?: string
  board_section_id?: string | null
  /** As `#rrggbb`; the picture's own by default. */
  dominant_color?: string | null
  /** The Pin that it is made from. Without `media_source`, it shows that Pin's media, and is a save of it. */
  parent_pin_id?: string | null
  media_source?: MediaSource
}

/** The sender of a Pin. */
export interface PinSender {
  /** Used to count saves by kind of device. */
  userAgent: string
  /** Returns the bytes of a picture that came as base64. */
  pictureBytes: (data: string) => Buffer
}

/** Makes Pins. */
export interface PinCreation {
  /**
   * Makes a Pin. Resolves when the Pin is written and every rendition of its pictures exists.
   *
   * @throws A 400 for an invalid Pin; as `Boards.findToWrite` and `Boards.findSection`; as `save` for the parent;
   * `imageUnreachable`, `imageInvalid`, `mediaNotFound`, `videoInvalid` for its media; `forbidden` when the account has
   * too many Pins; a 429 when too many pictures wait.
   */
  create(viewer: Viewer, given: NewPin, sender?: PinSender, written?: Written<MadePin>): Promise<MadePin>
}

export interface PinCreationOptions extends InsertOptions {
  db: Database
  boards: Boards
  fetcher: PictureFetcher
  pictures: Pictures
  videos: Videos
  saves: Pick<PinSaves, 'saveWithWords'>
}

/** For Pins that are made by the server, not sent. */
const noSender: PinSender = { userAgent: '', pictureBytes: (data) => Buffer.from(data, 'base64') }

/** Makes the creation of Pins. */
export function pinCreation(options: PinCreationOptions): PinCreation {
  const { db, accounts, boards, fetcher, pictures, videos, saves } = options
  type Request = NewPin & { board_id: string }

  async function createFrom(
    media: PlannedMedia,
    viewer: Viewer,
    given: Request & { is_standard: boolean },
    { pictureBytes }: PinSender,
    written: Written<MadePin> | undefined,
  ): Promise<MadePin> {
    const { draft, boardOwner } = await checkPin(viewer, given, boards)
    await accounts.checkRoomForPin(viewer.accountId)
    const parent = given.parent_pin_id ? await findToSave(options, viewer, given.parent_pin_id) : undefined
    const made = { ...draft, parent_pin_id: parent?.id ?? null }
    const { bytes, video, hasStandIn } = await fetchMedia(viewer, media, { fetcher, videos, pictureBytes })
    return withPictures(viewer, { db, pictures }, bytes, async (tx, rows) => {
      const shown = showPlanned(media, rows, video && (await videos.use(tx, video.id)))
      const row = await insertPin(tx, viewer, { draft: made, boardOwner }, shown, options)
      if (parent && !(await options.store.lock(tx, parent.id))) throw new ApiError('pinNotFound')
      const pin = { ...row, hasStandIn }
      await written?.(tx, pin)
      return pin
    }).catch((error) => {
      throw error instanceof VideoGone ? new ApiError('mediaNotFound') : error
    })
  }

  return {
    async create(viewer, { media_source: source, board_id, ...rest }, sender = noSender, written) {
      if (!board_id) throw invalid(`The body lacks 'board_id'.`)
      const isStandard = !(source && 'is_standard' in source) || source.is_standard !== false
      const given = { ...rest, board_id, is_standard: isStandard }
      if (source) return createFrom(planMedia(source), viewer, given, sender, written)
      if (!given.parent_pin_id) throw invalid(`The body lacks 'media_source'.`)
      return saves.saveWithWords(viewer, given.parent_pin_id, () => given, sender.userAgent, written)
    },
  }
}
