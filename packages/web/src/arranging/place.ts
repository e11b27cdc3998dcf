/** A board, or a section of it. */
export interface Place {
  boardId: string
  sectionId?: string | undefined
}

/** Returns the board that a page shows, from its path. */
export function placeOf(path: string): Place | undefined {
  const [, boardId, sectionId] = /^\/board\/([^/]+)(?:\/section\/([^/]+))?$/.exec(path) ?? []
  return boardId === undefined ? undefined : { boardId, sectionId }
}
