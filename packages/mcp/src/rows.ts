import type { Board, Pin } from '@pinfold/client'
import { shortened } from './clean.ts'

/** Returns what a list says of a board. */
export function boardRow({ id, name, description, privacy, pin_count, owner }: Board) {
  return {
    id,
    name: shortened(name, 180),
    ...(description && { description: shortened(description, 200) }),
    ...(privacy && { privacy }),
    ...(pin_count !== undefined && { pins: pin_count }),
    ...(owner?.username && { owner: owner.username }),
  }
}

/** What lists of Pins have, whichever operation they are from. */
export type ListedPin = Partial<
  Pick<Pin, 'id' | 'title' | 'description' | 'link' | 'board_id' | 'alt_text' | 'media' | 'created_at'>
>

/** Returns what a list says of a Pin. `number`: how the sheet of pictures names it. */
export function pinRow({ id, title, description, link, board_id, alt_text, created_at }: ListedPin, number: number) {
  return {
    number,
    id,
    ...(title && { title: shortened(title, 100) }),
    ...(description && { description: shortened(description, 120) }),
    ...(alt_text && { alt_text: shortened(alt_text, 120) }),
    ...(link && { link: shortened(link, 300) }),
    ...(board_id && { board_id }),
    ...(created_at && { created_at }),
  }
}

const byWidth = ['150x150', '400x300', '600x', '1200x', 'originals'] as const
type RenditionName = (typeof byWidth)[number]
type Renditions = Partial<Record<RenditionName, { url: string }>>

/** Returns the address of the picture that stands for a Pin: of that rendition, or else the next larger one. */
export function pictureUrlOf({ media }: ListedPin, wanted: RenditionName): string | undefined {
  if (!media) return undefined
  const first = 'items' in media ? media.items?.[0] : media
  if (!first) return undefined
  const images: Renditions = ('images' in first && first.images) || {}
  const names = [...byWidth.slice(byWidth.indexOf(wanted)), ...byWidth.toReversed()]
  const name = names.find((each) => images[each])
  const cover = 'cover_image_url' in first ? first.cover_image_url : undefined
  return (name && images[name]?.url) ?? cover
}
