import type { BoardRow } from './store/boards.ts'

/** Returns the keys of the pictures that represent a board: the chosen cover if there is one, then the newest. */
export function coverKeys({ covers, cover_key: chosen }: Pick<BoardRow, 'covers' | 'cover_key'>): string[] {
  const newest: string[] = JSON.parse(covers)
  return chosen === null ? newest : [chosen, ...newest.filter((key) => key !== chosen)]
}
