import { words } from '../words/index.ts'

export interface MoreButtonProps {
  /** A list that is read page by page. */
  list: { hasNextPage: boolean; isFetching: boolean; fetchNextPage: () => Promise<unknown> }
}

/** Reads the next page of a list; nothing if there is none. */
export function MoreButton({ list: { hasNextPage, isFetching, fetchNextPage } }: MoreButtonProps) {
  if (!hasNextPage) return null
  return (
    <button type="button" className="btn mt-4" disabled={isFetching} onClick={() => void fetchNextPage()}>
      {words.account.more}
    </button>
  )
}
