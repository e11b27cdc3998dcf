import { bytesOfText, type JoinedText, JsonText } from '../../core/json-text.ts'
import type { Page, Position } from '../../core/page.ts'
import type { Soon } from '../../core/soon.ts'
import type { Viewer } from '../../core/viewer.ts'
import { type PinContext, pinText } from '../../domains/pins/kept-text.ts'
import type { ListedPin, PinPage } from '../../domains/pins/pins.ts'
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
    page: PinPage | Page<ListedPin, number | Position>,
    wanted?: Wanted,
  ): Soon<JsonText>
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

  /** Returns the bytes of a Pin's text for its owner, without more: they are made once of a row that is cached. */
  function plainBytes(viewer: Viewer, row: ListedPin, publicUrl: string): Buffer {
    if (row.finished?.publicUrl !== publicUrl) row.finished = { publicUrl, bytes: bytesOfText(pin(viewer, row)) }
    return row.finished.bytes
  }

  /** Most Pins are the viewer's and have no tags, and few are asked for with metrics: the rest wait for nothing. */
  const isPlain = (viewer: Viewer, row: ListedPin, wanted: Wanted): boolean =>
    !wanted.pin_metrics && row.has_product_tags === 0 && isOwn(viewer, row)

  function plainPage(viewer: Viewer, listName: string, page: PinPage | Page<ListedPin, number | Position>): JoinedText {
    const publicUrl = mediaUrl()
    const items = page.items.map((row) => plainBytes(viewer, row, publicUrl))
    return bookmarks.join(listName, { items, next: page.next })
  }

  async function textsWithMore(viewer: Viewer, rows: readonly ListedPin[], wanted: Wanted): Promise<string[]> {
    const metrics = wanted.pin_metrics ? await analytics.summaries(rows.map(({ id }) => id)) : undefined
    const tags = await pins.productTagsOf(rows)
    const tagsAsObjects = wanted.include_product_tag_obj
    const others = rows.filter((row) => !isOwn(viewer, row))
    const onOwnBoards = others.length > 0 ? await pins.onOwnBoards(viewer, others) : undefined
    return rows.map((row) => {
      const known = { metrics: metrics?.get(row.id), tags: tags.get(row.id), tagsAsObjects }
      return pin(viewer, row, { ...known, isOnOwnBoard: onOwnBoards?.has(row.id) })
    })
  }

  return {
    pin,
    onePin: (viewer, row, wanted = {}) =>
      isPlain(viewer, row, wanted)
        ? new JsonText(plainBytes(viewer, row, mediaUrl()))
        : textsWithMore(viewer, [row], wanted).then((texts) => new JsonText(texts.join())),

    pageOfPins(viewer, listName, page, wanted = {}) {
      const kept = 'sent' in page ? page.sent : undefined
      const recipient = `${viewer.accountId} ${mediaUrl()} ${listName}`
      if (!wanted.pin_metrics && kept?.for === recipient && kept.answer) return kept.answer
      if (!page.items.every((row) => isPlain(viewer, row, wanted)))
        return textsWithMore(viewer, page.items, wanted).then((items) =>
          bookmarks.render(listName, { items, next: page.next }),
        )
      const text = plainPage(viewer, listName, page)
      // Only what is asked for again is kept: large memory that lives a while and then goes is the dearest.
      const isAgain = kept?.for === recipient
      const answer = new JsonText(isAgain ? text.toBytes() : text)
      if ('sent' in page) page.sent = { for: recipient, answer: isAgain ? answer : undefined }
      return answer
    },
  }
}
