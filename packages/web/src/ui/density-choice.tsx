import { type Density, densities, setDensity, useDensity } from '../preferences.ts'
import { words } from '../words/index.ts'
import { Icon } from './icon.tsx'
import { Segment } from './segment.tsx'

/** How large Pins are in walls. A phone has no room for it in a strip: there it is in the menu. */
export function DensityChoice({ isInStrip = false }: { isInStrip?: boolean }) {
  const density = useDensity()
  return (
    <div className={isInStrip ? 'hidden md:block' : 'md:hidden'}>
      <Segment<Density>
        label={words.density}
        value={density}
        onChange={setDensity}
        options={densities.map((value) => ({ value, name: words.densities[value], icon: <Icon name={value} /> }))}
      />
    </div>
  )
}
