import { ApiError, invalid } from '../../core/errors.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Database, Written } from '../../db/database.ts'
import type { Analytics } from '../analytics/analytics.ts'
import type { Boards } from '../boards/boards.ts'
import { PictureGone, type Pictures } from '../media/pictures.ts'
import { VideoGone, type Videos } from '../videos/videos.ts'
import { checkPin, type InsertOptions, insertPin, type MadePin, type PinRequest } from './insert.ts'
import { findToSave } from './read.ts'
import { shareMedia } from './shown-media.ts'
import type { PinRow } from './store.ts'

/** The destination of a save: without a board, the board for Pins saved without one. */
export interface SaveTarget {
  board_id?: string | null
  board_section_id?: string | null
}

/** Saves Pins from other Pins. */
export interface PinSaves {
  /**
   * Makes a Pin with the media and words of another, which is its parent and counts a save. The viewer's own Pins can
   * be saved, anybody's on public boards, and those on boards that the viewer is on.
   *
   * @throws `pinNotFound`, or `forbidden` for somebody else's on any other protected board; as `Boards.findToWrite` and
   * `Boards.findSection`; a 400 when a section is named without a board; `forbidden` when the account has too many
   * Pins.
   */
  save(viewer: Viewer, id: string, target: SaveTarget, userAgent: string, written?: Written<MadePin>): Promise<MadePin>
  /** Does the same with other words. */
  saveWithWords(
    viewer: Viewer,
    parent: PinRow,
    given: PinRequest,
    userAgent: string,
    written?: Written<MadePin>,
  ): Promise<MadePin>
}

export interface PinSavesOptions extends InsertOptions {
  db: Database
  analytics: Analytics
  boards: Boards
  pictures: Pictures
  videos: Videos
}

/** Makes the saving of Pins. */
export function pinSaves(options: PinSavesOptions): PinSaves {
  const { db, analytics, boards } = options

  const saveWithWords: PinSaves['saveWithWords'] = async (viewer, parent, given, userAgent, written) => {
    const { draft, boardOwner } = await checkPin(viewer, given, boards)
    try {
      return await db.write(async (tx) => {
        const shown = await shareMedia(tx, parent, options)
        // What is said of AI is said of what both show.
        const ai_disclosures = given.ai_disclosures ? draft.ai_disclosures : parent.ai_disclosures
        const saved = { ...draft, ai_disclosures, parent_pin_id: parent.id, is_repin: 1 }
        const row = await insertPin(tx, viewer, { draft: saved, boardOwner }, shown, options)
        await analytics.noteSave(tx, parent.id, { accountId: viewer.accountId, userAgent })
        const pin = { ...row, hasStandIn: false }
        await written?.(tx, pin)
        return pin
      })
    } catch (error) {
      throw error instanceof PictureGone || error instanceof VideoGone ? new ApiError('pinNotFound') : error
    }
  }

  return {
    saveWithWords,

    async save(viewer, id, { board_id, board_section_id }, userAgent, written) {
      const parent = await findToSave(options, viewer, id)
      if (!board_id && board_section_id) throw invalid(`'board_section_id' needs 'board_id' beside it.`)
      const boardId = board_id ?? String((await boards.quickSaves(viewer)).id)
      const { title, description, link, alt_text, dominant_color } = parent
      const words = { title, description, link, alt_text, dominant_color }
      const place = { board_id: boardId, board_section_id: board_section_id ?? null }
      return saveWithWords(
        viewer,
        parent,
        { ...words, ...place, is_standard: parent.is_standard === 1 },
        userAgent,
        written,
      )
    },
  }
}
