import type { JsonText } from '../../core/json-text.ts'
import type { Page } from '../../core/page.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { PinSummary } from '../../domains/analytics/analytics.ts'
import { pinText } from '../../domains/pins/kept-text.ts'
import type { ListedPin } from '../../domains/pins/pins.ts'
import type { Services } from '../services.ts'

/** Renders Pins for their viewers. */
export interface PinRenderer {
  /** Returns the JSON text of a Pin. `metrics`: its analytics, if requested. */
  pin(viewer: Viewer, pin: ListedPin, metrics?: PinSummary): string
  /** Returns one page of the list called `listName`. `withMetrics`: whether to include each Pin's metrics. */
  pageOfPins(viewer: Viewer, listName: string, page: Page<ListedPin>, withMetrics?: boolean): Promise<JsonText>
}

/** Makes the renderer that the handlers of Pins, boards and sections share. */
export function pinRenderer({
  analytics,
  bookmarks,
  mediaUrl,
}: Pick<Services, 'analytics' | 'bookmarks' | 'mediaUrl'>): PinRenderer {
  const pin: PinRenderer['pin'] = (viewer, { owner_id, rendered }, metrics) =>
    pinText(rendered, { isOwner: owner_id === viewer.accountId, publicUrl: mediaUrl(), metrics })

  return {
    pin,
    async pageOfPins(viewer, listName, { items, next }, withMetrics = false) {
      const metrics = withMetrics ? await analytics.summaries(items.map(({ id }) => id)) : undefined
      return bookmarks.render(listName, { items: items.map((each) => pin(viewer, each, metrics?.get(each.id))), next })
    },
  }
}
