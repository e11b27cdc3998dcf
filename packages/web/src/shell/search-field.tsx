import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import { readWanted, type SearchTab, searchHref } from '../find/address.ts'
import { useChooser } from '../find/chooser.tsx'
import { useSuggestions } from '../find/suggestions.ts'
import { Icon } from '../ui/icon.tsx'
import { words } from '../words/index.ts'

/** The field in the bar: suggests while somebody types, and Enter leads to the results. */
export function SearchField() {
  const [location, navigate] = useLocation()
  const search = useSearch()
  const isResults = location.startsWith('/search')
  const wanted = readWanted(isResults ? search : '')
  const [text, setText] = useState(wanted.query)
  const [isOpen, setOpen] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const found = useSuggestions(isOpen ? text : '')
  const close = () => {
    setOpen(false)
    chooser.forget()
  }
  const chooser = useChooser({
    choices: isOpen ? found : [],
    label: words.find.suggestions,
    takesFirst: false,
    onChosen: () => {
      close()
      setText('')
    },
  })

  // The address is what was searched for, also after going back.
  useEffect(() => setText(wanted.query), [wanted.query])

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    close()
    input.current?.blur()
    const [, tab] = /^\/search\/(boards|people)/.exec(location) ?? []
    navigate(searchHref((tab as SearchTab | undefined) ?? 'pins', { ...wanted, query: text.trim() }))
  }

  return (
    <form
      role="search"
      className="search-field"
      action="/search"
      onSubmit={onSubmit}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && close()}
    >
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        name="q"
        maxLength={200}
        aria-label={words.find.search}
        placeholder={words.find.placeholder}
        aria-keyshortcuts="/"
        enterKeyHint="search"
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setOpen(true)
        }}
        onFocus={() => setOpen(true)}
        {...chooser.field}
        onKeyDown={(event) => {
          if (chooser.onKeyDown(event) || event.key !== 'Escape') return
          event.preventDefault()
          if (chooser.list) close()
          else if (text !== wanted.query) setText(wanted.query)
          else input.current?.blur()
        }}
      />
      <span className="hint" aria-hidden="true">
        <kbd>/</kbd>
      </span>
      {chooser.list && <div className="suggestions">{chooser.list}</div>}
    </form>
  )
}

/** Puts the focus into the field. */
export function focusSearch(): void {
  const input = document.querySelector<HTMLInputElement>('.search-field input')
  input?.focus()
  input?.select()
}
