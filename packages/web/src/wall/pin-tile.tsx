import { type FocusEvent, memo, type PointerEvent, useState } from 'react'
import { Link } from 'wouter'
import { useIsSelecting } from '../pinning/selection.ts'
import { Tick } from '../pinning/tick.tsx'
import { SaveButtons } from '../pinning/tray.tsx'
import { Icon } from '../ui/icon.tsx'
import { words, writeLength } from '../words/index.ts'
import type { Place } from './layout.ts'
import { columnSizes, sourceSet, type Tile } from './tile.ts'

export interface PinTileProps {
  tile: Tile
  index: number
  place: Place
  hasCaption: boolean
}

/** Shows a picture over the colour that stood in for it. */
const show = (image: HTMLImageElement): void => {
  image.dataset.there = ''
}
/** Shows a picture at once that the browser has already. */
const showIfThere = (image: HTMLImageElement | null): void => {
  if (image?.complete && image.naturalWidth > 0) show(image)
}

/** A Pin in a wall: its picture, which leads to its page. */
export const PinTile = memo(function PinTile({ tile, index, place, hasCaption }: PinTileProps) {
  const { picture, title, alt, color, videoMs, count } = tile
  const [isActive, setActive] = useState(false)
  const isSelecting = useIsSelecting()
  const isMouse = ({ pointerType }: PointerEvent) => pointerType === 'mouse'
  // While a dialog has the focus the buttons stay: it gives the focus back to them.
  const isLeft = ({ currentTarget, relatedTarget: to }: FocusEvent) =>
    !(to instanceof Element && (currentTarget.contains(to) || to.closest('dialog')))
  return (
    <li
      className="tile"
      style={{ top: place.y, insetInlineStart: place.x, width: place.width }}
      data-index={index}
      onPointerEnter={(event) => isMouse(event) && setActive(true)}
      onPointerLeave={(event) => !event.currentTarget.contains(document.activeElement) && setActive(false)}
      onFocus={() => setActive(true)}
      onBlur={(event) => isLeft(event) && setActive(false)}
    >
      <Link href={`/pin/${tile.id}`} data-index={index} data-pin={tile.id}>
        <span className="pic" style={{ height: place.height, ['--c' as string]: color }}>
          {videoMs !== undefined && (
            <span className="flag">
              <Icon name="play" size={16} />
              <span aria-hidden="true">{writeLength(videoMs)}</span>
              <span className="sr-only">{words.videoWithLength(writeLength(videoMs))}</span>
            </span>
          )}
          {count > 1 && (
            <span className="flag">
              <Icon name="pictures" size={16} />
              <span aria-hidden="true">{count}</span>
              <span className="sr-only">{words.pictures(count)}</span>
            </span>
          )}
          <img
            src={picture.sources[0]?.url}
            srcSet={sourceSet(picture)}
            sizes={columnSizes(place.width)}
            width={picture.width}
            height={picture.height}
            alt={alt || words.untitled}
            decoding="async"
            ref={showIfThere}
            onLoad={(event) => show(event.currentTarget)}
          />
        </span>
        {hasCaption && (
          <span className="cap">
            {/* The picture's text says the same unless it is a description of its own. */}
            <span dir="auto" aria-hidden={alt === title}>
              {title}
            </span>
          </span>
        )}
      </Link>
      {(isActive || isSelecting) && <Tick pin={tile.pin} />}
      {isActive && !isSelecting && (
        <div className="tray-place" style={{ height: place.height }}>
          <SaveButtons pin={tile.pin} className="tray" />
        </div>
      )}
    </li>
  )
})
