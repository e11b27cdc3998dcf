/** The stones of the fold, on 32 × 32: each x, y, width, height. */
const stones = [
  [2, 2, 7.5, 18],
  [12, 2, 18, 7.5],
  [22.5, 12, 7.5, 18],
  [2, 22.5, 9.5, 7.5],
] as const

/** The mark: four stones, a gap, one pin. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      {stones.map(([x, y, width, height]) => (
        <rect key={`${x} ${y}`} x={x} y={y} width={width} height={height} rx="2.5" fill="currentColor" />
      ))}
      <circle cx="16" cy="16" r="3.75" />
    </svg>
  )
}

/** What the picture of a state tells: there may be something, there is not, or it went wrong. */
export type Mood = 'waiting' | 'missing' | 'wrong'

/** The mark as a picture of a state: the pin in the fold, out of it, or crossed out. */
export function StateArt({ mood }: { mood: Mood }) {
  return (
    <svg className="art" viewBox="0 0 120 96" aria-hidden="true">
      <g className="stones">
        <rect x="18" y="4" width="22" height="52" rx="7" />
        <rect x="46" y="4" width="56" height="20" rx="7" />
        <rect x="80" y="30" width="22" height="56" rx="7" />
        <rect x="18" y="64" width="34" height="22" rx="7" />
      </g>
      {mood === 'waiting' && <circle className="pin-dot" cx="61" cy="44" r="9" />}
      {mood === 'missing' && (
        <>
          <path className="trace" d="M61 34v34" />
          <circle className="pin-dot" cx="66" cy="82" r="9" />
        </>
      )}
      {mood === 'wrong' && <path className="cross" d="m52 36 17 17m0-17-17 17" />}
    </svg>
  )
}
