import { useState } from 'react'
import { useLocation } from 'wouter'
import { readAgain } from '../api/cache.ts'
import { createSection, deleteSection, type SectionView, updateSection } from '../api/calls.ts'
import { showToast } from '../ui/toast.tsx'
import { words } from '../words/index.ts'
import { Form } from './form.tsx'
import { TextField } from './text-field.tsx'

const text = words.pinning

export interface SectionFormProps {
  boardId: string
  /** The section to rename; undefined: makes one. */
  section?: SectionView
  close: () => void
}

/** Makes a section, or gives one another name. */
export function SectionForm({ boardId, section, close }: SectionFormProps) {
  const [name, setName] = useState(section?.name ?? '')
  async function send(): Promise<void> {
    const body = { name: name.trim() }
    if (section) await updateSection({ params: { board_id: boardId, section_id: section.id }, body })
    else await createSection({ params: { board_id: boardId }, body })
    showToast(section ? text.renamedSection : text.madeSection(body.name))
    void readAgain()
  }
  return (
    <Form verb={section ? text.renameSection : text.makeSection} send={send} close={close} isOff={name.trim() === ''}>
      <TextField label={text.sectionName} value={name} onChange={setName} maxLength={180} isRequired />
    </Form>
  )
}

/** Asks whether to delete a section: its Pins go for good. */
export function DeleteSection({ boardId, section, close }: SectionFormProps & { section: SectionView }) {
  const [, navigate] = useLocation()
  async function send(): Promise<void> {
    await deleteSection({ params: { board_id: boardId, section_id: section.id } })
    navigate(`/board/${boardId}`, { replace: true })
    showToast(text.deletedSection(section.name))
    void readAgain()
  }
  return (
    <Form verb={text.deleteSection} send={send} close={close} isDangerous>
      <p>{text.deletesSection(section.name)}</p>
    </Form>
  )
}
