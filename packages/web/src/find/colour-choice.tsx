import { useEffect, useEffectEvent, useId, useRef } from 'react'
import { Icon } from '../ui/icon.tsx'
import { Menu } from '../ui/menu.tsx'
import { showToast } from '../ui/toast.tsx'
import { words } from '../words/index.ts'
import { nameOfColour, readHex, type SwatchName, swatches } from './colours.ts'

const text = words.find

interface ColourChoiceProps {
  /** The colour as six hexadecimal digits; undefined: none. */
  value: string | undefined
  onChange: (value: string | undefined) => void
}

/** Chooses a colour: one of those with names, any other, or one from the screen where the browser can. */
export function ColourChoice({ value, onChange }: ColourChoiceProps) {
  const id = useId()
  return (
    <Menu
      label={value ? text.colourIs(nameOfColour(value)) : text.colour}
      buttonClass={value ? 'chip is-set' : 'chip'}
      width={260}
      button={
        <>
          <Dot hex={value} />
          {value ? nameOfColour(value) : text.colour}
          <Icon name="down" size={16} />
        </>
      }
    >
      <div className="colours">
        <div className="swatches" role="group" aria-label={text.colour}>
          {(Object.keys(swatches) as SwatchName[]).map((name) => (
            <button
              key={name}
              type="button"
              className="swatch"
              style={{ ['--c' as string]: `#${swatches[name]}` }}
              aria-label={text.colours[name]}
              aria-pressed={swatches[name] === value}
              title={text.colours[name]}
              onClick={() => onChange(swatches[name] === value ? undefined : swatches[name])}
            />
          ))}
        </div>
        <label className="row" htmlFor={id}>
          <AnyColour key={value} id={id} value={value ?? swatches.teal} onChange={onChange} />
          {text.anotherColour}
        </label>
        {pick && (
          <button type="button" className="row" onClick={() => void pick?.().then(onChange, ignoreEnd)}>
            <Icon name="pipette" />
            {text.fromScreen}
          </button>
        )}
        {value && (
          <button type="button" className="row" onClick={() => onChange(undefined)}>
            <Icon name="close" />
            {text.allColours}
          </button>
        )}
      </div>
    </Menu>
  )
}

/** The browser's own choice of a colour. It is taken when it is made, not while somebody moves through the colours. */
function AnyColour({ id, value, onChange }: { id: string; value: string } & Pick<ColourChoiceProps, 'onChange'>) {
  const input = useRef<HTMLInputElement>(null)
  const take = useEffectEvent(() => onChange(readHex(input.current?.value ?? '')))
  useEffect(() => {
    // React's `onChange` is the browser's `input`.
    const field = input.current
    field?.addEventListener('change', take)
    return () => field?.removeEventListener('change', take)
  }, [])
  return <input ref={input} id={id} type="color" defaultValue={`#${value}`} />
}

/** A colour beside its name. */
function Dot({ hex }: { hex: string | undefined }) {
  return hex ? (
    <span className="dot" style={{ ['--c' as string]: `#${hex}` }} aria-hidden="true" />
  ) : (
    <Icon name="palette" size={16} />
  )
}

declare global {
  /** https://wicg.github.io/eyedropper-api/ */
  var EyeDropper: (new () => { open(): Promise<{ sRGBHex: string }> }) | undefined
}

/** Lets somebody take a colour from the screen; undefined where the browser cannot. Rejects when they give up. */
const pick = pickerOf(globalThis.EyeDropper)

function pickerOf(Dropper: typeof globalThis.EyeDropper) {
  return Dropper && (async () => readHex((await new Dropper().open()).sRGBHex))
}

function ignoreEnd(error: unknown): void {
  if (!(error instanceof DOMException && error.name === 'AbortError')) showToast(text.notPicked)
}
