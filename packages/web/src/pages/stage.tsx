import { type CSSProperties, lazy, Suspense, useEffect, useState } from 'react'
import { Link } from 'wouter'
import type { Pin } from '../api/calls.ts'
import { isShortcut } from '../shell/shortcuts.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { type Picture, picturesOf, sourceSet } from '../wall/tile.ts'
import { words } from '../words/index.ts'
import { type Beside, useBack } from './pin-keys.ts'

const VideoPlayer = lazy(() => import('./video-player.tsx'))

/** What a Pin shows, as large as fits: its picture, its video, or the pictures of a carousel one at a time. */
export function Stage({ pin, beside: { previous, next } }: { pin: Pin; beside: Beside }) {
  const pictures = picturesOf(pin)
  const [at, setAt] = useState(0)
  const [isFull, setFull] = useState(false)
  const back = useBack()
  const picture = pictures[at]
  const alt = pin.alt_text || pin.title || words.untitled
  const video = pin.media?.media_type === 'video' ? pin.media : undefined

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isShortcut(event) && event.key === 'f' && !video) setFull(true)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [video])

  return (
    <div className="stage">
      <button type="button" className="btn glass icon back" aria-label={words.back} onClick={back}>
        <Icon name="back" flips />
      </button>
      {previous !== undefined && <BesideLink id={previous} label={words.previousPin} className="previous" />}
      {next !== undefined && <BesideLink id={next} label={words.nextPin} className="next" />}
      {video?.video_url ? (
        <Video url={video.video_url} cover={picture} name={alt} />
      ) : (
        picture && <Shown picture={picture} alt={alt} color={pin.dominant_color ?? undefined} />
      )}
      {pictures.length > 1 && (
        <Carousel
          at={at}
          count={pictures.length}
          go={(step) => setAt((at + step + pictures.length) % pictures.length)}
        />
      )}
      {!video && picture && (
        <button type="button" className="btn glass icon full" aria-label={words.fullSize} onClick={() => setFull(true)}>
          <Icon name="full" />
        </button>
      )}
      {picture && <FullSize isOpen={isFull} onClose={() => setFull(false)} picture={picture} alt={alt} />}
    </div>
  )
}

/** A link to the Pin before or after this one in the wall; going back leads to the wall all the same. */
function BesideLink({ id, label, className }: { id: string; label: string; className: 'previous' | 'next' }) {
  return (
    <Link href={`/pin/${id}`} replace className={`btn glass icon beside ${className}`} aria-label={label}>
      <Icon name="next" flips />
    </Link>
  )
}

/** The height that a picture may take beside the words, and the width of its column, as `sizes` tells the browser. `first-pictures.ts` of the server has the same. */
const sizes = '(min-width: 1024px) min(840px, calc(100vw - 488px)), 100vw'

/** Gives a picture its place before it comes. */
const placeOf = ({ width, height }: Picture): CSSProperties => ({
  aspectRatio: `${width} / ${height}`,
  ['--ratio' as string]: width / height,
  ['--natural' as string]: `${width}px`,
})

function Shown({ picture, alt, color }: { picture: Picture; alt: string; color: string | undefined }) {
  return (
    <img
      key={picture.original}
      src={picture.sources.at(-1)?.url}
      srcSet={sourceSet(picture)}
      sizes={sizes}
      width={picture.width}
      height={picture.height}
      alt={alt}
      fetchPriority="high"
      style={{ background: color, ...placeOf(picture) }}
    />
  )
}

/** A video. Its player comes when a Pin has one. */
function Video({ url, cover, name }: { url: string; cover: Picture | undefined; name: string }) {
  const place = cover && placeOf(cover)
  const poster = cover?.sources.at(-1)?.url
  return (
    <Suspense fallback={<div className="player" style={place} />}>
      <VideoPlayer url={url} cover={poster} name={name} place={place} />
    </Suspense>
  )
}

function Carousel({ at, count, go }: { at: number; count: number; go: (step: 1 | -1) => void }) {
  return (
    <div className="carousel" role="group" aria-label={words.carousel}>
      <button type="button" className="btn glass icon" aria-label={words.previousPicture} onClick={() => go(-1)}>
        <Icon name="back" flips />
      </button>
      <span role="status">{words.pictureOf(at + 1, count)}</span>
      <button type="button" className="btn glass icon" aria-label={words.nextPicture} onClick={() => go(1)}>
        <span className="rotate-180">
          <Icon name="back" flips />
        </span>
      </button>
    </div>
  )
}

interface FullSizeProps {
  isOpen: boolean
  onClose: () => void
  picture: Picture
  alt: string
}

/** A picture in the whole window: fitted to it, or in its real size and scrolled. */
function FullSize({ isOpen, onClose, picture, alt }: FullSizeProps) {
  const [isReal, setReal] = useState(false)
  const close = () => {
    setReal(false)
    onClose()
  }
  return (
    <Dialog isOpen={isOpen} onClose={close} label={alt} className="lightbox">
      <div className={isReal ? 'real' : 'fitted'} role="group" aria-label={alt}>
        <img src={picture.original} width={picture.width} height={picture.height} alt={alt} />
      </div>
      <div className="corner">
        <button type="button" className="btn glass" aria-pressed={isReal} onClick={() => setReal(!isReal)}>
          <Icon name={isReal ? 'zoomOut' : 'zoomIn'} />
          {isReal ? words.zoomOut : words.zoomIn}
        </button>
        <button type="button" className="btn glass icon" aria-label={words.close} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
    </Dialog>
  )
}
