import { type PointerEvent, useEffect, useRef, useState } from 'react'
import { Form } from '../pinning/form.tsx'
import { words } from '../words/index.ts'

const text = words.account

/** A square of a picture, in its pixels. */
export interface Crop {
  left: number
  top: number
  side: number
}

interface Size {
  width: number
  height: number
}

/** How often a picture may be enlarged. */
const mostZoom = 4

/** The square in the middle of a picture, as large as fits. */
function middleOf({ width, height }: Size): Crop {
  const side = Math.min(width, height)
  return { side, left: Math.floor((width - side) / 2), top: Math.floor((height - side) / 2) }
}

/** Keeps a square within a picture, in whole pixels. */
function within({ width, height }: Size, { left, top, side }: Crop): Crop {
  const whole = Math.max(1, Math.min(Math.round(side), width, height))
  const between = (value: number, most: number) => Math.max(0, Math.min(Math.round(value), most))
  return { side: whole, left: between(left, width - whole), top: between(top, height - whole) }
}

export interface CropFormProps {
  file: File
  send: (crop: Crop) => Promise<void>
  close: () => void
}

/** Chooses the square of a picture that is shown: by dragging it, or with sliders. */
export function CropForm({ file, send, close }: CropFormProps) {
  const [address, setAddress] = useState<string>()
  const [size, setSize] = useState<Size>()
  const [crop, setCrop] = useState<Crop>()
  const [isBroken, setBroken] = useState(false)
  useEffect(() => {
    const made = URL.createObjectURL(file)
    setAddress(made)
    return () => URL.revokeObjectURL(made)
  }, [file])
  const change = (changed: Partial<Crop>) => size && crop && setCrop(within(size, { ...crop, ...changed }))
  const largest = size ? Math.min(size.width, size.height) : 1

  return (
    <Form
      verb={text.usePicture}
      send={async () => crop && send(crop)}
      close={close}
      isOff={crop === undefined || isBroken}
    >
      <h2 className="text-22">{text.cropPicture}</h2>
      <Frame
        address={address}
        size={size}
        crop={crop}
        onMove={change}
        onSize={(loaded) => {
          setSize(loaded)
          setCrop(middleOf(loaded))
        }}
        onBroken={() => setBroken(true)}
      />
      {isBroken && <p className="problem">{words.reasons.damaged()}</p>}
      {size && crop && (
        <div className="grid gap-2">
          <Slider
            label={text.zoom}
            value={largest / crop.side}
            from={1}
            to={mostZoom}
            step={0.05}
            onChange={(zoom) => {
              const side = largest / zoom
              // Around the middle of what was shown.
              const moved = (crop.side - side) / 2
              change({ side, left: crop.left + moved, top: crop.top + moved })
            }}
          />
          <Slider
            label={text.across}
            value={crop.left}
            from={0}
            to={size.width - crop.side}
            onChange={(left) => change({ left })}
          />
          <Slider
            label={text.down}
            value={crop.top}
            from={0}
            to={size.height - crop.side}
            onChange={(top) => change({ top })}
          />
        </div>
      )}
    </Form>
  )
}

interface FrameProps {
  address: string | undefined
  size: Size | undefined
  crop: Crop | undefined
  onMove: (to: Partial<Crop>) => void
  onSize: (size: Size) => void
  onBroken: () => void
}

/** The square as it will be, to be dragged. */
function Frame({ address, size, crop, onMove, onSize, onBroken }: FrameProps) {
  const start = useRef<{ x: number; y: number; crop: Crop }>(undefined)
  const percent = (part: number) => `${(part / (crop?.side ?? 1)) * 100}%`

  function drag({ clientX, clientY, currentTarget }: PointerEvent<HTMLDivElement>): void {
    const from = start.current
    if (!from) return
    const scale = from.crop.side / currentTarget.clientWidth
    onMove({ left: from.crop.left - (clientX - from.x) * scale, top: from.crop.top - (clientY - from.y) * scale })
  }

  return (
    <div
      className="crop"
      onPointerDown={(event) => {
        if (!crop) return
        event.currentTarget.setPointerCapture(event.pointerId)
        start.current = { x: event.clientX, y: event.clientY, crop }
      }}
      onPointerMove={drag}
      onPointerUp={() => {
        start.current = undefined
      }}
      onPointerCancel={() => {
        start.current = undefined
      }}
    >
      {address && (
        <img
          src={address}
          alt={text.cropAlt}
          draggable={false}
          style={
            size && crop
              ? {
                  width: percent(size.width),
                  height: percent(size.height),
                  left: percent(-crop.left),
                  top: percent(-crop.top),
                }
              : { opacity: 0 }
          }
          onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => onSize({ width, height })}
          onError={onBroken}
        />
      )}
    </div>
  )
}

interface SliderProps {
  label: string
  value: number
  from: number
  to: number
  step?: number
  onChange: (value: number) => void
}

function Slider({ label, value, from, to, step = Math.max(1, Math.round(to / 100)), onChange }: SliderProps) {
  return (
    <label className="crop-slider">
      <span>{label}</span>
      <input
        type="range"
        min={from}
        max={to}
        step={step}
        value={value}
        disabled={to <= from}
        aria-valuetext={`${Math.round(((value - from) / Math.max(to - from, 1e-9)) * 100)} %`}
        onChange={({ target }) => onChange(Number(target.value))}
      />
    </label>
  )
}
