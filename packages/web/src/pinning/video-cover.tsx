import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { words, writeLength } from '../words/index.ts'
import { change, type Item } from './queue.ts'

const text = words.pinning
/** The longest video that the server takes, in seconds. */
const longest = 15 * 60
/** A video of which a single picture is shown, as a picture. */
const still = { muted: true, playsInline: true, preload: 'metadata', tabIndex: -1, 'aria-hidden': true } as const

/** The picture of a video that is its cover, in its row. A video that is too long is found out before it is sent. */
export function VideoThumb({
  item: { id, preview, coverSeconds, state },
  otherwise,
}: {
  item: Item
  otherwise: ReactNode
}) {
  const [isPlayable, setPlayable] = useState(true)
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    if (video.current) video.current.currentTime = coverSeconds
  }, [coverSeconds])
  if (!preview || !isPlayable) return otherwise
  return (
    <video
      ref={video}
      src={preview}
      {...still}
      onError={() => setPlayable(false)}
      onLoadedMetadata={({ currentTarget: { duration } }) => {
        if (duration > longest && state === 'ready')
          change(id, { state: 'unfit', problem: words.reasons.tooLong(String(longest / 60)) })
      }}
    />
  )
}

/** Chooses the picture of a video that is its cover. Shows nothing where the browser does not play the video. */
export function VideoCover({ item: { id, preview, coverSeconds } }: { item: Item }) {
  const [seconds, setSeconds] = useState<number>()
  const video = useRef<HTMLVideoElement>(null)
  const field = useId()
  if (!preview) return null
  const last = Math.floor(seconds ?? 0)
  return (
    <div className="field" hidden={seconds === undefined}>
      <label htmlFor={field}>{text.cover}</label>
      <video
        ref={video}
        className="cover-frame"
        src={preview}
        {...still}
        onLoadedMetadata={({ currentTarget }) => {
          setSeconds(currentTarget.duration)
          currentTarget.currentTime = coverSeconds
        }}
      />
      <input
        id={field}
        type="range"
        min={0}
        max={last}
        step={1}
        value={coverSeconds}
        disabled={last === 0}
        aria-valuetext={writeLength(coverSeconds * 1000)}
        onChange={({ target }) => {
          const at = Number(target.value)
          if (video.current) video.current.currentTime = at
          change(id, { coverSeconds: at })
        }}
      />
      <small>{text.coverAt(writeLength(coverSeconds * 1000))}</small>
    </div>
  )
}
