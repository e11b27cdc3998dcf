import { Link } from 'wouter'
import type { PinView } from '../api/calls.ts'
import { searchHref } from '../find/address.ts'
import { nameOfColour } from '../find/colours.ts'
import { words } from '../words/index.ts'

/** The main colours of a Pin, each as wide as there is of it; each leads to other Pins of that colour. */
export function PinColours({ colours }: { colours: PinView['colors'] }) {
  if (colours.length === 0) return null
  return (
    <ul className="colour-bar" aria-label={words.coloursOfPin}>
      {colours.map(({ color, share }) => {
        const hex = color.slice(1)
        const name = words.moreIn(nameOfColour(hex))
        return (
          <li key={color} style={{ ['--c' as string]: color, ['--share' as string]: share }}>
            <Link href={searchHref('pins', { query: '', mine: false, color: hex })} aria-label={name} title={name} />
          </li>
        )
      })}
    </ul>
  )
}
