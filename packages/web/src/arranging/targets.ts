import type { Dragged } from './drag.ts'
import type { Spot } from './order.ts'

/** Where what is dragged would go. */
export type Target = { element: HTMLElement } & (
  | { kind: 'section'; id: string }
  | { kind: 'board'; id: string; name: string }
  | { kind: 'out' }
  /** Beside another; `side` is where the line is that shows it. */
  | { kind: 'beside'; spot: Spot; side: 'left' | 'right' | 'top' | 'bottom' }
)

/** A tile that takes so much of its wall has others above and below alone. */
const wholeWidth = 0.6

/** Returns where something would go that is dropped at a point; undefined: nowhere. */
export function targetAt(at: { x: number; y: number }, page: HTMLElement, dragged: Dragged): Target | undefined {
  const under = document.elementFromPoint(at.x, at.y)
  // Where it was taken from it stays.
  if (under?.closest('[data-lifted]')) return undefined
  if (dragged.kind === 'section') return besideSection(at, under, dragged.id)
  const container = dragged.areOwn
    ? under?.closest<HTMLElement>('[data-section], [data-drop-board], [data-drop-out]')
    : null
  if (container?.dataset.section !== undefined)
    return { kind: 'section', id: container.dataset.section, element: container }
  if (container?.dataset.dropOut !== undefined) return { kind: 'out', element: container }
  if (container?.dataset.dropBoard !== undefined)
    return { kind: 'board', id: container.dataset.dropBoard, name: container.dataset.name ?? '', element: container }
  return besidePin(at, page, dragged.ids)
}

function besideSection({ x, y }: { x: number; y: number }, under: Element | null, id: string): Target | undefined {
  const list = document.querySelector('.sections')
  const box = list?.getBoundingClientRect()
  if (!list || !box || y < box.top - 40 || y > box.bottom + 40) return undefined
  const over = under?.closest<HTMLElement>('[data-section]')
  const element = over ?? nearest(list.querySelectorAll<HTMLElement>('[data-section]'), { x, y }, () => true)
  const anchor = element?.dataset.section
  if (!element || anchor === undefined || anchor === id) return undefined
  const { left, width } = element.getBoundingClientRect()
  return beside(element, anchor, x > left + width / 2 ? 'right' : 'left')
}

function besidePin(at: { x: number; y: number }, page: HTMLElement, ids: readonly string[]): Target | undefined {
  const wall = page.querySelector('.wall')
  const box = wall?.getBoundingClientRect()
  if (!wall || !box || at.y < box.top - 8 || at.x < box.left - 40 || at.x > box.right + 40) return undefined
  const isOther = ({ dataset: { pin } }: HTMLElement) => pin !== undefined && !ids.includes(pin)
  const element = nearest(wall.querySelectorAll<HTMLElement>('a[data-pin]'), at, isOther)
  const anchor = element?.dataset.pin
  if (!element || anchor === undefined) return undefined
  const { left, top, width, height } = element.getBoundingClientRect()
  if (width > box.width * wholeWidth) return beside(element, anchor, at.y > top + height / 2 ? 'bottom' : 'top')
  return beside(element, anchor, at.x > left + width / 2 ? 'right' : 'left')
}

function beside(element: HTMLElement, anchor: string, side: 'left' | 'right' | 'top' | 'bottom'): Target {
  const isMirrored = getComputedStyle(element).direction === 'rtl'
  const isAfter = side === 'bottom' || side === (isMirrored ? 'left' : 'right')
  return { kind: 'beside', spot: { to: isAfter ? 'after' : 'before', anchor }, side, element }
}

/** Returns the element that is nearest to a point. */
function nearest(
  elements: Iterable<HTMLElement>,
  { x, y }: { x: number; y: number },
  counts: (element: HTMLElement) => boolean,
): HTMLElement | undefined {
  let found: HTMLElement | undefined
  let least = Number.POSITIVE_INFINITY
  for (const element of elements) {
    if (!counts(element)) continue
    const { left, right, top, bottom } = element.getBoundingClientRect()
    const distance = Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom))
    if (distance >= least) continue
    least = distance
    found = element
  }
  return found
}
