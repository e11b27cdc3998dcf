import { useEffect } from 'react'

/** Names the page, in the window and in the history. Undefined: it is not known yet. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    if (title !== undefined) document.title = title === '' ? 'Pinfold' : `${title} · Pinfold`
  }, [title])
}
