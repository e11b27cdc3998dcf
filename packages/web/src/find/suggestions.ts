import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import type { Suggestions } from '../api/calls.ts'
import { queries } from '../api/queries.ts'
import { picturesOf } from '../wall/tile.ts'
import { words } from '../words/index.ts'
import { searchHref } from './address.ts'
import type { Choice } from './choices.ts'
import { coloursTyped, nameOfColour } from './colours.ts'

/** Somebody who has typed nothing for so long waits for an answer. */
const settleMs = 140

/** Returns a text once it has been the same for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), settleMs)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}

/** Returns what there is for what somebody has typed so far, colours first; nothing where nothing was typed. */
export function useSuggestions(text: string): Choice[] {
  const settled = useSettled(text.trim())
  const { data } = useQuery({
    ...queries.suggestions(settled),
    enabled: settled !== '',
    placeholderData: keepPreviousData,
  })
  const isTyped = text.trim() !== '' && settled !== ''
  const found = useMemo(() => (isTyped && data ? choicesOf(data) : []), [isTyped, data])
  return [...coloursTyped(text).map(colourChoice), ...found]
}

/** Leads to the Pins near a colour. */
const colourChoice = (color: string): Choice => ({
  key: `colour ${color}`,
  group: words.find.colour,
  name: words.find.pinsIn(nameOfColour(color)),
  colour: color,
  href: searchHref('pins', { query: '', mine: false, color }),
})

function choicesOf({ pins, boards, people }: Suggestions): Choice[] {
  return [
    ...pins.map((pin) => ({
      key: `pin ${pin.id}`,
      group: words.pins,
      name: pin.title || words.untitled,
      picture: picturesOf(pin)[0]?.sources[0]?.url,
      href: `/pin/${pin.id}`,
    })),
    ...boards.map(({ board, cover_urls: [cover], owner, is_yours: isYours }) => ({
      key: `board ${board.id}`,
      group: words.boards,
      name: board.name,
      detail: isYours ? '' : words.by(owner.name),
      picture: cover,
      icon: 'boards' as const,
      href: `/board/${board.id}`,
    })),
    ...people.map(({ username, name, profile_image: picture }) => ({
      key: `person ${username}`,
      group: words.find.people,
      name,
      detail: name === username ? '' : `@${username}`,
      picture,
      href: `/u/${username}`,
    })),
  ]
}
