import { useEffect, useRef } from 'react'

/** The names of what is shown: of the page, and of the Pin over it. */
const shown: { title: string | undefined }[] = []

function write(): void {
  const title = shown.findLast((each) => each.title !== undefined)?.title
  if (title !== undefined) document.title = title === '' ? 'Pinfold' : `${title} · Pinfold`
}

/** Names the page, in the window and in the history. Undefined: it is not known yet. */
export function useTitle(title: string | undefined): void {
  const own = useRef<(typeof shown)[number]>({ title: undefined })
  useEffect(() => {
    const { current } = own
    shown.push(current)
    return () => {
      shown.splice(shown.indexOf(current), 1)
      write()
    }
  }, [])
  useEffect(() => {
    own.current.title = title
    write()
  }, [title])
}
