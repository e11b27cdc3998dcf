import { type CSSProperties, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { Icon } from '../ui/icon.tsx'
import { words, writeLength } from '../words/index.ts'

export interface VideoPlayerProps {
  url: string
  /** The picture shown before it plays. */
  cover: string | undefined
  name: string
  /** Its place before it comes. */
  place: CSSProperties | undefined
}

/** How far an arrow key goes, in seconds. */
const step = 5
/** How long the bar stays while it plays and nobody moves the mouse. */
const shownMs = 2500

/** A video with a bar of our own: play, seek, sound, full screen. */
export default function VideoPlayer({ url, cover, name, place }: VideoPlayerProps) {
  const frame = useRef<HTMLDivElement>(null)
  const video = useRef<HTMLVideoElement>(null)
  const state = useVideoState(video)
  const isFull = useIsFull(frame)
  const [isActive, wake] = useActivity()
  const { isPlaying, isMuted, volume, at, length, isWaiting } = state
  const heard = isMuted ? 0 : volume

  const play = () => void (video.current?.paused ? video.current.play().catch(() => {}) : video.current?.pause())
  const seek = (seconds: number) => {
    if (video.current) video.current.currentTime = Math.max(0, Math.min(length, seconds))
  }
  const mute = () => {
    if (video.current) video.current.muted = !video.current.muted
  }
  const toggleFull = () => void (isFull ? document.exitFullscreen() : enterFull(frame.current, video.current))

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    wake()
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const isSlider = event.target instanceof HTMLInputElement
    const isButton = event.target instanceof HTMLButtonElement
    const forward = getComputedStyle(event.currentTarget).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight'
    const back = forward === 'ArrowRight' ? 'ArrowLeft' : 'ArrowRight'
    const actions: Record<string, (() => void) | undefined> = {
      // A button does on Space what it says.
      ' ': isButton ? undefined : play,
      k: play,
      // A slider moves by itself.
      [forward]: isSlider ? undefined : () => seek(at + step),
      [back]: isSlider ? undefined : () => seek(at - step),
      m: mute,
      f: toggleFull,
    }
    const action = actions[event.key]
    if (!action) return
    event.preventDefault()
    event.stopPropagation()
    action()
  }

  return (
    <div
      ref={frame}
      className="player"
      role="group"
      aria-label={`${words.video}: ${name}`}
      data-quiet={isPlaying && !isActive}
      style={place}
      onKeyDown={onKeyDown}
      onPointerMove={wake}
      onPointerDown={wake}
      onFocus={wake}
    >
      {/* biome-ignore lint/a11y/useMediaCaption: videos come without captions */}
      <video ref={video} src={url} poster={cover} playsInline preload="metadata" aria-label={name} onClick={play} />
      {isWaiting && <span className="spinner" role="status" aria-label={words.loading} />}
      <div className="glass-bar">
        <button
          type="button"
          className="btn glass icon"
          aria-label={isPlaying ? words.pause : words.play}
          onClick={play}
        >
          <Icon name={isPlaying ? 'pause' : 'play'} />
        </button>
        <Slide
          label={words.seek}
          says={words.timeOf(writeLength(at * 1000), writeLength(length * 1000))}
          value={at}
          max={Math.max(length, 0.1)}
          step={0.1}
          slide={seek}
        />
        <span className="time" aria-hidden="true">
          {writeLength(at * 1000)} / {writeLength(length * 1000)}
        </span>
        <button
          type="button"
          className="btn glass icon"
          aria-label={isMuted ? words.unmute : words.mute}
          onClick={mute}
        >
          <Icon name={isMuted ? 'silent' : 'sound'} />
        </button>
        <Slide
          className="volume"
          label={words.volume}
          says={`${Math.round(heard * 100)} %`}
          value={heard}
          max={1}
          step={0.05}
          slide={(to) => {
            if (!video.current) return
            video.current.volume = to
            video.current.muted = to === 0
          }}
        />
        <button
          type="button"
          className="btn glass icon"
          aria-label={isFull ? words.leaveFullScreen : words.fullScreen}
          onClick={toggleFull}
        >
          <Icon name="full" />
        </button>
      </div>
    </div>
  )
}

interface SlideProps {
  className?: string
  label: string
  /** What its value means, in words. */
  says: string
  value: number
  /** It goes from 0 to this. */
  max: number
  step: number
  slide: (to: number) => void
}

/** A slider of the bar, filled up to its value. */
function Slide({ className = '', label, says, value, max, step, slide }: SlideProps) {
  return (
    <input
      type="range"
      className={`seek ${className}`}
      min={0}
      max={max}
      step={step}
      value={value}
      style={{ ['--done' as string]: `${(value / max) * 100}%` }}
      aria-label={label}
      aria-valuetext={says}
      onChange={({ target }) => slide(Number(target.value))}
    />
  )
}

/** What a video does, as it tells. */
function useVideoState(video: { current: HTMLVideoElement | null }) {
  const [state, setState] = useState({
    ...{ isPlaying: false, isMuted: false, volume: 1, at: 0, length: 0 },
    isWaiting: false,
  })
  useEffect(() => {
    const element = video.current
    if (!element) return
    const read = ({ type }: Pick<Event, 'type'>) => {
      const { paused, ended, muted, volume, currentTime, duration } = element
      setState(({ isWaiting }) => ({
        isPlaying: !paused && !ended,
        isMuted: muted,
        volume,
        at: currentTime,
        length: Number.isFinite(duration) ? duration : 0,
        isWaiting: type === 'waiting' || (isWaiting && !['playing', 'pause', 'seeked', 'error'].includes(type)),
      }))
    }
    const events = ['play', 'pause', 'ended', 'timeupdate', 'seeked', 'seeking', 'volumechange', 'durationchange']
    const all = [...events, 'loadedmetadata', 'waiting', 'playing', 'error']
    for (const event of all) element.addEventListener(event, read)
    // Some of it may have come before.
    read({ type: 'durationchange' })
    return () => {
      for (const event of all) element.removeEventListener(event, read)
    }
  }, [video])
  return state
}

/** Whether somebody does something, and a function that says so. */
function useActivity(): [isActive: boolean, wake: () => void] {
  const [lastAt, setLastAt] = useState(0)
  useEffect(() => {
    if (lastAt === 0) return
    const timer = setTimeout(() => setLastAt(0), shownMs)
    return () => clearTimeout(timer)
  }, [lastAt])
  return [lastAt > 0, () => setLastAt(Date.now())]
}

function useIsFull(frame: { current: HTMLElement | null }): boolean {
  const [isFull, setFull] = useState(false)
  useEffect(() => {
    const read = () => setFull(document.fullscreenElement !== null && document.fullscreenElement === frame.current)
    document.addEventListener('fullscreenchange', read)
    return () => document.removeEventListener('fullscreenchange', read)
  }, [frame])
  return isFull
}

/** Phones of Apple show the video alone in full, with their own controls. */
async function enterFull(frame: HTMLElement | null, video: HTMLVideoElement | null): Promise<void> {
  const phones = video as { webkitEnterFullscreen?: () => void } | null
  if (frame?.requestFullscreen) await frame.requestFullscreen().catch(() => {})
  else phones?.webkitEnterFullscreen?.()
}
