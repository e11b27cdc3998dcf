import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { queries } from '../api/queries.ts'
import { addedWithin, hostIn, isNarrowed, type SearchTab, searchHref, type Wanted } from '../find/address.ts'
import { ColourChoice } from '../find/colour-choice.tsx'
import { useSession } from '../shell/session.ts'
import { Icon } from '../ui/icon.tsx'
import { words } from '../words/index.ts'

/** Returns the function that shows other results, in place of those that are shown. */
export function useChange(tab: SearchTab) {
  const [, navigate] = useLocation()
  return (wanted: Wanted) => navigate(searchHref(tab, wanted), { replace: true })
}

const kinds = ['image', 'video', 'carousel'] as const
const text = words.find

/** Returns what is searched for without one of its filters. */
function without(wanted: Wanted, name: Exclude<keyof Wanted, 'query' | 'mine'>): Wanted {
  const { [name]: _, ...rest } = wanted
  return rest
}

/** What narrows Pins down: a row of choices, each of which changes the address. */
export function SearchFilters({ wanted }: { wanted: Wanted }) {
  const change = useChange('pins')
  /** Changes one of the filters; an empty value takes it away. */
  const set = (name: 'kind' | 'board' | 'added' | 'site', value: string) => {
    const rest = without(wanted, name)
    change(value === '' ? rest : { ...rest, [name]: value })
  }
  return (
    <div className="scroll" role="group" aria-label={text.filters}>
      <ColourChoice
        value={wanted.color}
        onChange={(color) => change(color ? { ...wanted, color } : without(wanted, 'color'))}
      />
      <Choice
        label={text.kind}
        value={wanted.kind ?? ''}
        options={kinds.map((value) => ({ value, name: text.kinds[value] }))}
        onChange={(value) => set('kind', value)}
      />
      <BoardChoice value={wanted.board ?? ''} onChange={(value) => set('board', value)} />
      <Choice
        label={text.added}
        value={wanted.added ?? ''}
        options={addedWithin.map((value) => ({ value, name: text.addedWithin[value] }))}
        onChange={(value) => set('added', value)}
      />
      <button
        type="button"
        className="chip"
        aria-pressed={wanted.hasLink ?? false}
        onClick={() => change(wanted.hasLink ? without(wanted, 'hasLink') : { ...wanted, hasLink: true })}
      >
        <Icon name="link" size={16} />
        {text.hasLink}
      </button>
      <SiteChoice key={wanted.site} value={wanted.site ?? ''} onChange={(value) => set('site', value)} />
      {isNarrowed(wanted) && (
        <Link className="chip" href={searchHref('pins', { query: wanted.query, mine: wanted.mine })} replace>
          <Icon name="close" size={16} />
          {text.clear}
        </Link>
      )}
    </div>
  )
}

interface ChoiceProps {
  label: string
  /** Empty: whatever. */
  value: string
  options: readonly { value: string; name: string }[]
  onChange: (value: string) => void
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <select
      className="chip"
      data-set={value !== ''}
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">{label}</option>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.name}
        </option>
      ))}
    </select>
  )
}

function BoardChoice({ value, onChange }: Pick<ChoiceProps, 'value' | 'onChange'>) {
  const username = useSession()?.person?.username
  const { data } = useQuery({ ...queries.boardsToChoose(username ?? ''), enabled: username !== undefined })
  const { data: shown } = useQuery({ ...queries.board(value), enabled: value !== '' })
  const own = data?.items.map(({ board }) => ({ value: board.id, name: board.name })) ?? []
  // Somebody else's board comes with the address.
  const isOthers = value !== '' && shown !== undefined && !own.some((option) => option.value === value)
  const options = isOthers ? [{ value, name: shown.board.name }, ...own] : own
  if (options.length === 0) return null
  return <Choice label={text.board} value={value} options={options} onChange={onChange} />
}

function SiteChoice({ value, onChange }: Pick<ChoiceProps, 'value' | 'onChange'>) {
  const [typed, setTyped] = useState(value)
  const take = (event?: FormEvent) => {
    event?.preventDefault()
    const host = typed.trim() === '' ? '' : hostIn(typed.trim())
    if (host !== value) onChange(host)
  }
  return (
    <form onSubmit={take}>
      <input
        className="chip"
        data-set={value !== ''}
        aria-label={text.site}
        placeholder={text.site}
        size={14}
        maxLength={200}
        inputMode="url"
        autoCapitalize="none"
        spellCheck={false}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => take()}
      />
    </form>
  )
}
