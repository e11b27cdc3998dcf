import { svg } from './markup.ts'

/** A colour, optionally with its offset in the gradient (0 to 1) and its opacity. */
export type Stop = string | readonly [offset: number, colour: string, opacity?: number]

type Vector = readonly [x: number, y: number]

/** A picture being drawn: shapes in the order they were added, and the paints they refer to. */
export class Canvas {
  readonly width: number
  readonly height: number
  readonly #paints: string[] = []
  readonly #shapes: string[] = []

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
  }

  add(...markup: readonly string[]): void {
    this.#shapes.push(...markup)
  }

  /** Covers everything with one paint. */
  wash(paint: string): void {
    this.add(svg`<rect width="${this.width}" height="${this.height}" fill="${paint}"/>`)
  }

  /**
   * Adds a linear gradient across the box of the shape it fills, by default from top to bottom. Returns a `fill` value.
   */
  linear(stops: readonly Stop[], from: Vector = [0, 0], to: Vector = [0, 1]): string {
    return this.#define(
      (id) =>
        svg`<linearGradient id="${id}" x1="${from[0]}" y1="${from[1]}" x2="${to[0]}" y2="${to[1]}">${showStops(stops)}</linearGradient>`,
    )
  }

  /**
   * Adds a radial gradient in the box of the shape it fills, by default from the middle outwards. Returns a `fill`
   * value.
   */
  radial(stops: readonly Stop[], centre: Vector = [0.5, 0.5], radius = 0.5): string {
    return this.#define(
      (id) =>
        svg`<radialGradient id="${id}" cx="${centre[0]}" cy="${centre[1]}" r="${radius}">${showStops(stops)}</radialGradient>`,
    )
  }

  /** Adds a `clip-path` that keeps only what lies inside `shape`, and returns its value. */
  clip(shape: string): string {
    return this.#define((id) => `<clipPath id="${id}">${shape}</clipPath>`)
  }

  /** Draws a soft-edged ellipse: a glow or a shadow, without the cost of a blur. */
  soft(x: number, y: number, rx: number, ry: number, colour: string, opacity: number): string {
    const paint = this.radial([
      [0, colour, opacity],
      [0.35, colour, opacity * 0.72],
      [0.7, colour, opacity * 0.2],
      [1, colour, 0],
    ])
    return svg`<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${paint}"/>`
  }

  /** Returns the finished drawing, with `overlay` on top. */
  toSvg(overlay: string): string {
    const size = svg`width="${this.width}" height="${this.height}" viewBox="0 0 ${this.width} ${this.height}"`
    return `<svg xmlns="http://www.w3.org/2000/svg" ${size}><defs>${this.#paints.join('')}</defs>${this.#shapes.join('')}${overlay}</svg>`
  }

  #define(paint: (id: string) => string): string {
    const id = `paint${this.#paints.length}`
    this.#paints.push(paint(id))
    return `url(#${id})`
  }
}

function showStops(stops: readonly Stop[]): string[] {
  return stops.map((stop, index) => {
    if (typeof stop === 'string') return svg`<stop offset="${index / (stops.length - 1)}" stop-color="${stop}"/>`
    const [offset, colour, opacity = 1] = stop
    return `<stop offset="${offset}" stop-color="${colour}" stop-opacity="${opacity}"/>`
  })
}
