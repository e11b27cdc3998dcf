import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Pin, PinChange } from '../api/calls.ts'
import { queries } from '../api/queries.ts'
import { words } from '../words/index.ts'
import { BoardField } from './board-field.tsx'
import { changePins } from './change.ts'
import { Form } from './form.tsx'
import { type LastBoard, rememberBoard } from './last-boards.ts'
import { TextField } from './text-field.tsx'

const text = words.pinning

/** How many characters the server takes. */
export const lengths = { title: 100, description: 800, link: 2048, alt: 500 }

/** What is said of a Pin, as it stands in fields. */
export interface PinWords {
  title: string
  description: string
  link: string
  alt: string
}

export interface PinFieldsProps {
  value: PinWords
  onChange: (value: PinWords) => void
}

/** The fields for what is said of one Pin. */
export function PinFields({ value, onChange }: PinFieldsProps) {
  const field = (name: keyof PinWords) => ({
    value: value[name],
    onChange: (next: string) => onChange({ ...value, [name]: next }),
    maxLength: lengths[name],
  })
  return (
    <>
      <TextField label={text.title} {...field('title')} />
      <TextField label={text.description} isLong {...field('description')} />
      <TextField label={text.link} type="url" {...field('link')} />
      <TextField label={text.altText} hint={text.altTextHint} isLong {...field('alt')} />
    </>
  )
}

const wordsOf = (pin: Pin): PinWords => ({
  title: pin.title ?? '',
  description: pin.description ?? '',
  link: pin.link ?? '',
  alt: pin.alt_text ?? '',
})

/** Changes what is said of a Pin, and where it is. */
export function PinForm({ pin, close }: { pin: Pin; close: () => void }) {
  const [value, setValue] = useState(() => wordsOf(pin))
  const [place, setPlace] = useState<{ board: LastBoard; section: string }>()
  const { data: current } = useQuery({ ...queries.board(pin.board_id ?? ''), enabled: pin.board_id !== undefined })
  const board = place?.board ?? (current && { id: current.board.id, name: current.board.name })
  const section = place?.section ?? pin.board_section_id ?? ''

  async function send(): Promise<void> {
    const before = wordsOf(pin)
    const change: PinChange = {
      ...(value.title !== before.title && { title: value.title || null }),
      ...(value.description !== before.description && { description: value.description || null }),
      ...(value.link !== before.link && { link: value.link || null }),
      ...(value.alt !== before.alt && { alt_text: value.alt || null }),
      ...(place && { board_id: place.board.id, board_section_id: place.section || null }),
    }
    if (Object.keys(change).length === 0) return
    if (place) rememberBoard(place.board)
    await changePins([pin], change, text.changed(1))
  }

  return (
    <Form verb={text.saveChanges} send={send} close={close}>
      <PinFields value={value} onChange={setValue} />
      <BoardField board={board} section={section} onChange={(to, within) => setPlace({ board: to, section: within })} />
    </Form>
  )
}

/** Changes the same of several Pins. A field that is left empty stays as it is. */
export function ManyForm({ pins, close }: { pins: readonly Pin[]; close: () => void }) {
  const [value, setValue] = useState<PinWords>({ title: '', description: '', link: '', alt: '' })
  const [place, setPlace] = useState<{ board: LastBoard; section: string }>()
  const change: PinChange = {
    ...(value.title && { title: value.title }),
    ...(value.description && { description: value.description }),
    ...(value.link && { link: value.link }),
    ...(value.alt && { alt_text: value.alt }),
    ...(place && { board_id: place.board.id, board_section_id: place.section || null }),
  }
  return (
    <Form
      verb={text.saveChanges}
      send={() => changePins(pins, change, text.changed(pins.length))}
      close={close}
      isOff={Object.keys(change).length === 0}
    >
      <p className="text-soft">{text.emptyStays}</p>
      <PinFields value={value} onChange={setValue} />
      <BoardField
        board={place?.board}
        section={place?.section ?? ''}
        onChange={(to, within) => setPlace({ board: to, section: within })}
      />
    </Form>
  )
}
