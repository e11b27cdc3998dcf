import { ApiError, invalid } from '../../core/errors.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Database, Written } from '../../db/database.ts'
import type { Analytics } from '../analytics/analytics.ts'
import type { Boards } from '../boards/boards.ts'
import { PictureGone, type Pictures } from '../media/pictures.ts'
import { VideoGone, type Videos } from '../videos/videos.ts'
import { checkPin, type InsertOptions, insertPin, type MadePin, type PinRequest } from './insert.ts'
import { checkPrivacyAsRead, whereverItIs } from './moved-meanwhile.ts'
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
  /** Does the same with the words that `given` returns for the other Pin. */
  saveWithWords(
    viewer: Viewer,
    id: string,
    given: (parent: PinRow) => PinRequest | Promise<PinRequest>,
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

  async function saveOnce(
    viewer: Viewer,
    parent: PinRow,
    given: PinRequest,
    userAgent: string,
    written: Written<MadePin> | undefined,
  ): Promise<MadePin> {
    const { draft, boardOwner } = await checkPin(viewer, given, boards)
    return db.write(async (tx) => {
      const shown = await shareMedia(tx, parent, options)
      // What is said of AI is said of what both show.
      const ai_disclosures = given.ai_disclosures ? draft.ai_disclosures : parent.ai_disclosures
      const saved = { ...draft, ai_disclosures, parent_pin_id: parent.id, is_repin: 1 }
      const row = await insertPin(tx, viewer, { draft: saved, boardOwner }, shown, options)
      // Whoever deletes or hides the parent waits from here on: who is told that it is gone can rely on that nothing is saved from it.
      const held = await analytics.noteSave(tx, parent.id, { accountId: viewer.accountId, userAgent })
      if (!held) throw new ApiError('pinNotFound')
      checkPrivacyAsRead(held, parent)
      const pin = { ...row, hasStandIn: false }
      await written?.(tx, pin)
      return pin
    })
  }

  const saveWithWords: PinSaves['saveWithWords'] = (viewer, id, given, userAgent, written) =>
    whereverItIs(async () => {
      const parent = await findToSave(options, viewer, id)
      const request = await given(parent)
      return saveOnce(viewer, parent, request, userAgent, written).catch((error) => {
        throw error instanceof PictureGone || error instanceof VideoGone ? new ApiError('pinNotFound') : error
      })
    })

  return {
    saveWithWords,

    save: (viewer, id, { board_id, board_section_id }, userAgent, written) =>
      saveWithWords(
        viewer,
        id,
        async ({ title, description, link, alt_text, dominant_color, is_standard }) => {
          if (!board_id && board_section_id) throw invalid(`'board_section_id' needs 'board_id' beside it.`)
          const boardId = board_id ?? String((await boards.quickSaves(viewer)).id)
          const words = { title, description, link, alt_text, dominant_color }
          const place = { board_id: boardId, board_section_id: board_section_id ?? null }
          return { ...words, ...place, is_standard: is_standard === 1 }
        },
        userAgent,
        written,
      ),
  }
}
