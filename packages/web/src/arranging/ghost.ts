import type { LastBoard } from '../pinning/last-boards.ts'
import type { Target } from './targets.ts'

export interface GhostOptions {
  /** How many are dragged. */
  count: number
  /** Boards to drop on, which stand at the foot of the window. */
  boards: readonly LastBoard[]
  /** What a target says that takes all of it. */
  said: string
}

/** The widest that what is lifted is shown. */
const widest = 176

/** What is seen of a drag: the lifted picture, the line where it would go, and the boards that take it. */
export class Ghost {
  readonly #said: string
  readonly #lifted = document.createElement('div')
  readonly #line = document.createElement('div')
  readonly #shelf = document.createElement('div')
  #marked: HTMLElement | undefined

  constructor(handle: HTMLElement, { count, boards, said }: GhostOptions) {
    this.#said = said
    const shown = handle.querySelector('.pic') ?? handle
    const { width } = handle.getBoundingClientRect()
    const copy = shown.cloneNode(true)
    if (copy instanceof HTMLElement) copy.removeAttribute('style')
    this.#lifted.className = count > 1 ? 'lifted of-many' : 'lifted'
    this.#lifted.style.width = `${Math.min(widest, width)}px`
    this.#lifted.append(copy)
    if (count > 1) this.#lifted.append(textIn('span', 'lifted-count', String(count)))
    this.#line.className = 'drop-line'
    this.#shelf.className = 'drop-shelf'
    for (const { id, name } of boards) {
      const board = textIn('div', 'drop-board', name)
      Object.assign(board.dataset, { dropBoard: id, name })
      this.#shelf.append(board)
    }
    for (const element of [this.#lifted, this.#line, this.#shelf]) element.ariaHidden = 'true'
    this.#line.hidden = true
    document.body.append(this.#line, this.#lifted)
    if (boards.length > 0) document.body.append(this.#shelf)
  }

  /** Moves what is lifted to the pointer. */
  moveTo({ x, y }: { x: number; y: number }): void {
    this.#lifted.style.translate = `${x + 10}px ${y + 10}px`
  }

  /** Shows where what is lifted would go. */
  showTarget(target: Target | undefined): void {
    const container = target && target.kind !== 'beside' ? target.element : undefined
    // Small, so that what the target says can be read.
    this.#lifted.toggleAttribute('data-over', container !== undefined)
    if (this.#marked !== container) {
      this.#marked?.removeAttribute('data-drop')
      container?.setAttribute('data-drop', this.#said)
      this.#marked = container
    }
    this.#line.hidden = target?.kind !== 'beside'
    if (target?.kind !== 'beside') return
    const { left, right, top, bottom, width, height } = target.element.getBoundingClientRect()
    const isUpright = target.side === 'left' || target.side === 'right'
    const [x, y] = isUpright
      ? [target.side === 'left' ? left - 8 : right + 5, top]
      : [left, target.side === 'top' ? top - 8 : bottom + 5]
    Object.assign(this.#line.style, {
      translate: `${x}px ${y}px`,
      width: isUpright ? '3px' : `${width}px`,
      height: isUpright ? `${height}px` : '3px',
    })
  }

  remove(): void {
    this.#marked?.removeAttribute('data-drop')
    for (const element of [this.#lifted, this.#line, this.#shelf]) element.remove()
  }
}

function textIn(tag: string, className: string, text: string): HTMLElement {
  const element = document.createElement(tag)
  element.className = className
  element.textContent = text
  element.dir = 'auto'
  return element
}
