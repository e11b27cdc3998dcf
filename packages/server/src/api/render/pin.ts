import { AsciiText, isAscii, JsonText } from '../../core/json-text.ts'
import type { Page, Position } from '../../core/page.ts'
import { type Soon, soon } from '../../core/soon.ts'
import type { Viewer } from '../../core/viewer.ts'
import { type PinContext, pinText } from '../../domains/pins/kept-text.ts'
import type { ListedPin } from '../../domains/pins/pins.ts'
import type { Services } from '../services.ts'

/** What a query can request of Pins in addition. */
interface Wanted {
  /** Whether to include each Pin's metrics. */
  pin_metrics?: boolean
  /** Whether product tags are objects instead of ids. */
  include_product_tag_obj?: boolean
}

/** Renders Pins for their viewers. */
export interface PinRenderer {
  /** Returns the JSON text of a Pin. `known`: what was read of it besides. */
  pin(viewer: Viewer, pin: ListedPin, known?: Known): string
  /** Returns a Pin with its tags, and with its metrics if requested. */
  onePin(viewer: Viewer, pin: ListedPin, wanted?: Wanted): Soon<JsonText>
  /** Returns one page of the list called `listName`. */
  pageOfPins(
    viewer: Viewer,
    listName: string,
    page: Page<ListedPin, number | Position>,
    wanted?: Wanted,
  ): Soon<JsonText>
}

/** The JSON texts of Pins, and whether all are known to be ASCII. */
interface Texts {
  items: string[]
  areAscii: boolean
}

type Known = Pick<PinContext, 'isOnOwnBoard' | 'metrics' | 'tags' | 'tagsAsObjects'>

/** Makes the renderer that the handlers of Pins, boards and sections share. */
export function pinRenderer({
  analytics,
  bookmarks,
  mediaUrl,
  pins,
}: Pick<Services, 'analytics' | 'bookmarks' | 'mediaUrl' | 'pins'>): PinRenderer {
  const isOwn = ({ accountId }: Viewer, { owner_id }: ListedPin): boolean => owner_id === accountId

  const pin: PinRenderer['pin'] = (viewer, row, known) =>
    pinText(row.rendered, { isOwner: isOwn(viewer, row), publicUrl: mediaUrl(), ...known })

  /** Returns the texts of Pins for their owner, without more: each is made once of a row that is cached. */
  function plainTexts(viewer: Viewer, rows: readonly ListedPin[]): Texts {
    const publicUrl = mediaUrl()
    let areAscii = true
    const items = rows.map((row) => {
      if (row.finished?.publicUrl !== publicUrl) {
        const text = pin(viewer, row)
        row.finished = { publicUrl, text, isAscii: isAscii(text) }
      }
      areAscii &&= row.finished.isAscii
      return row.finished.text
    })
    return { items, areAscii }
  }

  /**
   * Returns the texts of Pins. Most are the viewer's and have no tags, and few are asked for with metrics: those wait for
   * nothing.
   */
  function texts(viewer: Viewer, rows: readonly ListedPin[], wanted: Wanted): Soon<Texts> {
    const isPlain = !wanted.pin_metrics && rows.every((row) => row.has_product_tags === 0 && isOwn(viewer, row))
    return isPlain ? plainTexts(viewer, rows) : textsWithMore(viewer, rows, wanted)
  }

  async function textsWithMore(viewer: Viewer, rows: readonly ListedPin[], wanted: Wanted): Promise<Texts> {
    const metrics = wanted.pin_metrics ? await analytics.summaries(rows.map(({ id }) => id)) : undefined
    const tags = await pins.productTagsOf(rows)
    const tagsAsObjects = wanted.include_product_tag_obj
    const others = rows.filter((row) => !isOwn(viewer, row))
    const onOwnBoards = others.length > 0 ? await pins.onOwnBoards(viewer, others) : undefined
    const items = rows.map((row) => {
      const known = { metrics: metrics?.get(row.id), tags: tags.get(row.id), tagsAsObjects }
      return pin(viewer, row, { ...known, isOnOwnBoard: onOwnBoards?.has(row.id) })
    })
    return { items, areAscii: false }
  }

  return {
    pin,
    onePin: (viewer, row, wanted = {}) =>
      soon(texts(viewer, [row], wanted), ({ items, areAscii }) =>
        areAscii ? new JsonText(new AsciiText('', items, '')) : new JsonText(items.join()),
      ),
    pageOfPins: (viewer, listName, { items, next }, wanted = {}) =>
      soon(texts(viewer, items, wanted), (rendered) =>
        bookmarks.render(listName, { items: rendered.items, next }, rendered.areAscii),
      ),
  }
}
