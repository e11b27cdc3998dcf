import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { Icon } from '../ui/icon.tsx'
import type { Choice } from './choices.ts'

export interface ChooserOptions {
  choices: readonly Choice[]
  /** What a screen reader calls the list. */
  label: string
  /** Whether Enter takes the first choice where none was moved to. */
  takesFirst: boolean
  /** Called once something was chosen. */
  onChosen: () => void
}

/**
 * Makes a field choose from a list below it: arrows move, Enter takes, and the focus stays in the field (the combobox of
 * the ARIA Authoring Practices). Returns what the field needs, and the list.
 */
export function useChooser({ choices, label, takesFirst, onChosen }: ChooserOptions) {
  const id = useId()
  const [, navigate] = useLocation()
  const [moved, setMoved] = useState<string>()
  const known = choices.some(({ key }) => key === moved) ? moved : undefined
  const active = known ?? (takesFirst ? choices[0]?.key : undefined)

  function choose({ href, run }: Choice): void {
    setMoved(undefined)
    onChosen()
    if (href !== undefined) navigate(href)
    else run?.()
  }

  function move(step: 1 | -1): void {
    const at = choices.findIndex(({ key }) => key === active)
    const from = at === -1 && step === -1 ? 0 : at
    setMoved(choices[(from + step + choices.length) % choices.length]?.key)
  }

  /** Handles a key of the field. Returns whether it was one of the list's. */
  function onKeyDown(event: KeyboardEvent): boolean {
    if (choices.length === 0 || event.nativeEvent.isComposing) return false
    const chosen = choices.find(({ key }) => key === active)
    if (event.key === 'ArrowDown') move(1)
    else if (event.key === 'ArrowUp') move(-1)
    else if (event.key === 'Enter' && chosen) choose(chosen)
    else return false
    event.preventDefault()
    return true
  }

  return {
    onKeyDown,
    forget: () => setMoved(undefined),
    field: {
      role: 'combobox',
      autoComplete: 'off',
      'aria-autocomplete': 'list',
      'aria-expanded': choices.length > 0,
      'aria-controls': choices.length > 0 ? id : undefined,
      'aria-activedescendant': active === undefined ? undefined : `${id} ${active}`.replaceAll(' ', '-'),
    },
    list: choices.length > 0 && <ChoiceList {...{ id, label, choices, active, choose, point: setMoved }} />,
  } as const
}

interface ChoiceListProps {
  id: string
  label: string
  choices: readonly Choice[]
  active: string | undefined
  choose: (choice: Choice) => void
  point: (key: string) => void
}

function ChoiceList({ id, label, choices, active, choose, point }: ChoiceListProps) {
  const groups = Map.groupBy(choices, ({ group }) => group)
  return (
    <div className="choices" role="listbox" id={id} aria-label={label}>
      {[...groups].map(([group, ofGroup]) => (
        <div key={group} role="group" aria-label={group}>
          <div className="group-name" aria-hidden="true">
            {group}
          </div>
          {ofGroup.map((choice) => (
            <Row
              key={choice.key}
              id={`${id} ${choice.key}`.replaceAll(' ', '-')}
              choice={choice}
              isActive={choice.key === active}
              choose={() => choose(choice)}
              point={() => point(choice.key)}
            />
          ))}
        </div>
      ))}
    </div>
  )
}

interface RowProps {
  id: string
  choice: Choice
  isActive: boolean
  choose: () => void
  point: () => void
}

function Row({ id, choice, isActive, choose, point }: RowProps) {
  const row = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (isActive) row.current?.scrollIntoView({ block: 'nearest' })
  }, [isActive])
  const { name, detail, picture, icon, colour, shortcut } = choice
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and its keys
    // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus
    <div
      ref={row}
      id={id}
      className="choice"
      role="option"
      aria-selected={isActive}
      onPointerDown={(event) => event.preventDefault()}
      onPointerMove={() => !isActive && point()}
      onClick={choose}
    >
      {picture ? (
        <img src={picture} width={34} height={34} alt="" />
      ) : (
        <span className="stone" style={colour ? { background: `#${colour}` } : undefined}>
          {icon && <Icon name={icon} size={16} />}
        </span>
      )}
      <span className="truncate" dir="auto">
        {name}
      </span>
      {detail && (
        <span className="detail truncate" dir="auto">
          {detail}
        </span>
      )}
      {shortcut && (
        <span className="shortcut" aria-hidden="true">
          <kbd>{shortcut}</kbd>
        </span>
      )}
    </div>
  )
}
