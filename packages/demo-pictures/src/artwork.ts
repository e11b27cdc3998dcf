import sharp from 'sharp'
import { Canvas } from './canvas.ts'
import { drawnName, readDrawn } from './drawn.ts'
import { grain, grainSettings } from './grain.ts'
import { createRandom, type Random } from './random.ts'

/** One picture of the demo. It is the same each time it is drawn. */
export interface Artwork {
  /** The title of its Pin. */
  readonly title: string
  /** The description of its Pin. */
  readonly description: string
  /** The alternative text of its Pin. */
  readonly altText: string
  /** The board of the demo that it is on. */
  readonly board: 'ceramics' | 'rooms' | 'landscapes' | 'studio'
  /** The section of that board, if it is in one. */
  readonly section?: string
  /** Draws it: a JPEG, about 1000 pixels wide. */
  draw(): Promise<Buffer>
  /** Returns the picture that was drawn when the package was installed or built; draws it if it was not. */
  picture(): Promise<Buffer>
  /** Returns the name of its file. A picture that would look different has another name. */
  fileName(): string
}

/** Width and height, in pixels. */
export const formats = {
  tall: [900, 1800],
  portrait: [1000, 1500],
  threeByFour: [1000, 1334],
  fourByFive: [1000, 1250],
  square: [1000, 1000],
  wide: [1280, 720],
} as const

/** Paints a motif: marks on a canvas, partly random. */
export type Paint = (canvas: Canvas, random: Random) => void

export interface Plan extends Omit<Artwork, 'draw' | 'picture' | 'fileName' | 'board'> {
  readonly format: keyof typeof formats
  readonly seed: number
  readonly paint: Paint
}

const jpegQuality = 85

/** Makes a picture of a board from a plan. */
export function artwork(board: Artwork['board'], { format, seed, paint, ...words }: Plan): Artwork {
  const [width, height] = formats[format]
  const painted = () => {
    const canvas = new Canvas(width, height)
    paint(canvas, createRandom(seed))
    return canvas
  }
  const rasterized = async (canvas: Canvas) =>
    sharp(Buffer.from(canvas.toSvg(await grain(canvas))))
      .jpeg({ quality: jpegQuality })
      .toBuffer()
  let name: string | undefined
  const nameOf = (canvas: Canvas) => {
    name ??= drawnName([canvas.toSvg(''), grainSettings, String(jpegQuality)])
    return name
  }

  return {
    ...words,
    board,
    draw: () => rasterized(painted()),
    async picture() {
      const canvas = painted()
      return (await readDrawn(nameOf(canvas))) ?? rasterized(canvas)
    },
    fileName: () => name ?? nameOf(painted()),
  }
}
