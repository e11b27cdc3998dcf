/** Where things are put in a list: at an end, or directly beside another. */
export type Spot = { to: 'first' | 'last' } | { to: 'before' | 'after'; anchor: string }

/** Returns a list after some of it was moved, in the order that they are given in. */
export function moved<Item extends { id: string }>(list: readonly Item[], ids: readonly string[], spot: Spot): Item[] {
  const byId = new Map(list.map((item) => [item.id, item]))
  const rest = list.filter(({ id }) => !ids.includes(id))
  const put = ids.flatMap((id) => byId.get(id) ?? [])
  const beside = 'anchor' in spot ? rest.findIndex(({ id }) => id === spot.anchor) : -1
  const index = spot.to === 'first' ? 0 : beside === -1 ? rest.length : beside + Number(spot.to === 'after')
  return rest.toSpliced(index, 0, ...put)
}

/** A move of some that stand together. */
export interface Step {
  ids: string[]
  spot: Spot
}

/** Returns the moves that bring things back to where they stood in a list. */
export function stepsBack(before: readonly { id: string }[], ids: readonly string[]): Step[] {
  const steps: Step[] = []
  const isMoved = ({ id }: { id: string }) => ids.includes(id)
  for (let i = 0; i < before.length; i++) {
    if (!before[i] || !isMoved(before[i] as { id: string })) continue
    const end = before.findIndex((each, at) => at > i && !isMoved(each))
    const run = before.slice(i, end === -1 ? undefined : end).map(({ id }) => id)
    const [above, below] = [before[i - 1], end === -1 ? undefined : before[end]]
    if (below) steps.push({ ids: run, spot: { to: 'before', anchor: below.id } })
    else if (above) steps.push({ ids: run, spot: { to: 'after', anchor: above.id } })
    else steps.push({ ids: run, spot: { to: 'first' } })
    i += run.length - 1
  }
  return steps
}

/** Returns where some go that are moved one place towards the beginning or the end of a list; undefined: they are there. */
export function oneStep(
  list: readonly { id: string }[],
  ids: readonly string[],
  way: 'earlier' | 'later',
): Spot | undefined {
  const at = list.flatMap(({ id }, index) => (ids.includes(id) ? [index] : []))
  const rest = (index: number, step: 1 | -1) => {
    let next = list[index]
    for (let i = index; next && ids.includes(next.id); i += step) next = list[i + step]
    return next
  }
  const beside = way === 'earlier' ? rest((at[0] ?? 0) - 1, -1) : rest((at.at(-1) ?? 0) + 1, 1)
  return beside && { to: way === 'earlier' ? 'before' : 'after', anchor: beside.id }
}
