import { lastBoardsNow } from '../pinning/last-boards.ts'
import { selectionNow } from '../pinning/selection.ts'
import { words } from '../words/index.ts'
import { movePinsTo, moveSectionTo, readPins } from './arrange.ts'
import { dropPins } from './drop.ts'
import { Ghost } from './ghost.ts'
import type { Place } from './place.ts'
import { type Target, targetAt } from './targets.ts'
import './arranging.css'

/** A pointer that has moved so far drags. */
const leastDistance = 6
/** So near to an edge of the window the page scrolls, at most this far for each frame. */
const [edge, scrollStep] = [72, 14]

/** What is dragged: Pins, in their order, or a section. */
export type Dragged = { kind: 'pins'; ids: string[]; areOwn: boolean } | { kind: 'section'; id: string }

/** Listens to drags on the page of a board until `signal` is aborted. */
export function listenToDrags(page: HTMLElement, place: Place, signal: AbortSignal): void {
  page.dataset.draggable = ''
  signal.addEventListener('abort', () => delete page.dataset.draggable)
  page.addEventListener(
    'pointerdown',
    (event) => {
      // A finger scrolls, and selects by resting: there menus do it.
      if (event.button !== 0 || event.pointerType === 'touch' || !(event.target instanceof Element)) return
      const handle = event.target.closest<HTMLElement>('a[data-pin], a[data-section]')
      if (handle) new Drag({ page, handle, place, signal }, event)
    },
    { signal },
  )
  // The browser would drag the link or the picture itself.
  page.addEventListener(
    'dragstart',
    (event) => {
      if (!(event.target instanceof Element) || !event.target.closest('a[data-pin], a[data-section]')) return
      event.preventDefault()
      event.stopPropagation()
    },
    { signal },
  )
}

interface DragOptions {
  page: HTMLElement
  /** What the pointer went down on. */
  handle: HTMLElement
  place: Place
  signal: AbortSignal
}

/** One drag, from the moment that the pointer goes down. */
class Drag {
  readonly #options: DragOptions
  readonly #start: { x: number; y: number }
  readonly #over = new AbortController()
  #dragged: Dragged | undefined
  #ghost: Ghost | undefined
  #target: Target | undefined
  #at = { x: 0, y: 0 }
  #frame = 0

  constructor(options: DragOptions, { clientX: x, clientY: y }: PointerEvent) {
    this.#options = options
    this.#start = { x, y }
    const signal = AbortSignal.any([this.#over.signal, options.signal])
    addEventListener('pointermove', (event) => this.#move(event), { signal })
    addEventListener('pointerup', () => this.#drop(), { signal })
    addEventListener('pointercancel', () => this.#end(), { signal })
    addEventListener('blur', () => this.#end(), { signal })
    addEventListener('keydown', (event) => this.#key(event), { signal, capture: true })
    options.signal.addEventListener('abort', () => this.#end(), { once: true })
  }

  #move(event: PointerEvent): void {
    this.#at = { x: event.clientX, y: event.clientY }
    const distance = Math.hypot(this.#at.x - this.#start.x, this.#at.y - this.#start.y)
    if (!this.#ghost && distance < leastDistance) return
    if (event.buttons === 0) {
      this.#end()
      return
    }
    if (!this.#ghost) this.#lift()
    this.#show()
  }

  #lift(): void {
    const { handle, place } = this.#options
    const { pin, section } = handle.dataset
    this.#dragged = section !== undefined ? { kind: 'section', id: section } : pinsWith(pin ?? '', place)
    const count = this.#dragged.kind === 'pins' ? this.#dragged.ids.length : 1
    const shelf = this.#dragged.kind === 'pins' && this.#dragged.areOwn ? lastBoardsNow() : []
    this.#ghost = new Ghost(handle, {
      count,
      boards: shelf.filter(({ id }) => id !== place.boardId),
      said: words.arranging.dropHere(count),
    })
    document.documentElement.dataset.dragging = ''
    this.#scroll()
  }

  #show(): void {
    if (!this.#dragged || !this.#ghost) return
    this.#ghost.moveTo(this.#at)
    markLifted(this.#options.page, this.#dragged)
    this.#target = targetAt(this.#at, this.#options.page, this.#dragged)
    this.#ghost.showTarget(this.#target)
  }

  /** Scrolls the page while the pointer is near its edges. */
  #scroll(): void {
    this.#frame = requestAnimationFrame(() => {
      const { y } = this.#at
      const depth = y < edge ? y - edge : y > innerHeight - edge ? y - (innerHeight - edge) : 0
      if (depth !== 0 && this.#target?.kind !== 'board') {
        const before = scrollY
        scrollBy(0, Math.max(-1, Math.min(1, depth / edge)) * scrollStep)
        if (scrollY !== before) this.#show()
      }
      this.#scroll()
    })
  }

  #drop(): void {
    const [dragged, target] = [this.#dragged, this.#target]
    this.#end()
    if (!dragged) return
    // The click that follows would open what was dragged.
    const stop = (event: MouseEvent) => {
      event.preventDefault()
      event.stopPropagation()
    }
    addEventListener('click', stop, { capture: true, once: true })
    setTimeout(() => removeEventListener('click', stop, { capture: true }))
    if (target) carryOut(this.#options.place, dragged, target)
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !this.#ghost) return
    event.preventDefault()
    event.stopImmediatePropagation()
    this.#end()
  }

  #end(): void {
    this.#over.abort()
    cancelAnimationFrame(this.#frame)
    this.#ghost?.remove()
    delete document.documentElement.dataset.dragging
    markLifted(this.#options.page, undefined)
  }
}

/** Returns the Pins that are dragged by one of them: all that are selected if it is. */
function pinsWith(id: string, { boardId, sectionId }: Place): Dragged {
  const selection = selectionNow()
  const chosen = selection.has(id) ? (each: string) => selection.has(each) : (each: string) => each === id
  const pins = readPins(boardId, sectionId).filter((pin) => chosen(pin.id))
  return { kind: 'pins', ids: pins.map((pin) => pin.id), areOwn: pins.every((pin) => pin.is_owner) }
}

/** Marks the places of what is dragged: they keep their colour. */
function markLifted(page: HTMLElement, dragged: Dragged | undefined): void {
  for (const element of page.querySelectorAll('[data-lifted]')) element.removeAttribute('data-lifted')
  if (!dragged) return
  const ids = dragged.kind === 'pins' ? dragged.ids : [dragged.id]
  const name = dragged.kind === 'pins' ? 'data-pin' : 'data-section'
  for (const id of ids) page.querySelector(`a[${name}="${CSS.escape(id)}"]`)?.setAttribute('data-lifted', '')
}

function carryOut(place: Place, dragged: Dragged, target: Target): void {
  if (dragged.kind === 'section') {
    if (target.kind === 'beside') void moveSectionTo(place.boardId, dragged.id, target.spot)
  } else if (target.kind === 'beside') void movePinsTo(place, dragged.ids, target.spot)
  else void dropPins(place, dragged.ids, target)
}
