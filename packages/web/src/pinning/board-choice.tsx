import { useInfiniteQuery } from '@tanstack/react-query'
import { type FormEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import { readAgain } from '../api/cache.ts'
import { type Board, createBoard } from '../api/calls.ts'
import { queries } from '../api/queries.ts'
import { useItems } from '../pages/list.tsx'
import { useSession } from '../shell/session.ts'
import { Icon } from '../ui/icon.tsx'
import { words } from '../words/index.ts'
import { sayFailure } from '../words/say-failure.ts'
import { type LastBoard, useLastBoards } from './last-boards.ts'

const text = words.pinning

/** Returns every board that one may pin to, as far as they are read. */
export function useOwnBoards(): { boards: Board[]; isLoading: boolean } {
  const username = useSession()?.person?.username
  const result = useInfiniteQuery({ ...queries.ownBoards(username ?? ''), enabled: username !== undefined })
  const { hasNextPage, isFetching, fetchNextPage } = result
  const views = useItems(result)
  const boards = useMemo(() => views.map(({ board }) => board), [views])
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage()
  }, [hasNextPage, isFetching, fetchNextPage])
  return { boards, isLoading: result.isLoading || hasNextPage }
}

/** Orders boards: those that were pinned to, the last first, and then by name. */
export function lastFirst(boards: readonly Board[], last: readonly LastBoard[]): Board[] {
  const byId = new Map(boards.map((board) => [board.id, board]))
  const first = last.flatMap(({ id }) => byId.get(id) ?? [])
  return [...first, ...boards.filter((board) => !first.includes(board))]
}

const fold = (name: string): string => name.normalize('NFKC').toLocaleLowerCase()

export interface BoardChoiceProps {
  /** The board that is chosen already. */
  chosen?: string | undefined
  /** A board that is not among them. */
  but?: string
  onChoose: (board: LastBoard) => void
}

/** The boards to choose from: with a search, the last one first, and a new one by its name. */
export function BoardChoice({ chosen, but, onChoose }: BoardChoiceProps) {
  const { boards: own, isLoading } = useOwnBoards()
  const boards = own.filter(({ id }) => id !== but)
  const last = useLastBoards()
  const [search, setSearch] = useState('')
  const [isNaming, setNaming] = useState(false)
  /** Whether Enter was pressed before the boards were there to find. */
  const [isEntered, setEntered] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  const wanted = fold(search.trim())
  const found = lastFirst(boards, last).filter(({ name }) => fold(name).includes(wanted))
  const isNew = wanted !== '' && !own.some(({ name }) => fold(name) === wanted)

  function enter(): void {
    // A board that is yet to come must not be made anew.
    const mayCome = isLoading && found.length === 0
    setEntered(mayCome)
    if (found[0]) onChoose(found[0])
    else if (isNew && !mayCome) setNaming(true)
  }
  useEffect(() => {
    if (isEntered && (found.length > 0 || !isLoading)) enter()
  })

  if (isNaming) return <NewBoard name={search.trim()} onMade={onChoose} onBack={() => setNaming(false)} />
  return (
    <div className="board-choice">
      <input
        ref={field}
        className="in"
        type="search"
        autoComplete="off"
        maxLength={180}
        placeholder={text.findBoard}
        aria-label={text.findBoard}
        value={search}
        onChange={(event) => {
          setSearch(event.target.value)
          setEntered(false)
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          enter()
        }}
      />
      <ul aria-label={words.boards} aria-busy={isLoading}>
        {found.map((board) => (
          <li key={board.id}>
            <button type="button" className="pick" aria-pressed={board.id === chosen} onClick={() => onChoose(board)}>
              <Cover board={board} />
              <span className="min-w-0 flex-1">
                <b className="truncate" dir="auto">
                  {board.name}
                </b>
                <span className="text-13 text-soft block">
                  {words.pinCount(board.pin_count ?? 0)}
                  {board.privacy === 'SECRET' && ` · ${words.secret}`}
                </span>
              </span>
              {board.id === chosen && <Icon name="check" />}
            </button>
          </li>
        ))}
        {found.length === 0 && !isLoading && <li className="text-soft p-3">{text.noBoard}</li>}
      </ul>
      <button type="button" className="pick new" onClick={() => setNaming(true)}>
        <span className="cover">
          <Icon name="plus" />
        </span>
        <b className="truncate" dir="auto">
          {isNew ? text.makeBoardNamed(search.trim()) : text.newBoard}
        </b>
      </button>
    </div>
  )
}

function Cover({ board: { media, privacy } }: { board: Board }) {
  const url = media?.image_cover_url
  if (url) return <img className="cover" src={url} width={44} height={44} alt="" />
  return <span className="cover">{privacy === 'SECRET' && <Icon name="lock" size={16} />}</span>
}

/** A board to make, without leaving what one does. */
function NewBoard({
  name: given,
  onMade,
  onBack,
}: {
  name: string
  onMade: (board: LastBoard) => void
  onBack: () => void
}) {
  const [name, setName] = useState(given)
  const [isSecret, setSecret] = useState(false)
  const [problem, setProblem] = useState('')
  const [isBusy, setBusy] = useState(false)
  const id = useId()

  async function make(event: FormEvent): Promise<void> {
    event.preventDefault()
    event.stopPropagation()
    if (isBusy || name.trim() === '') return
    setBusy(true)
    try {
      const board = await createBoard({ body: { name: name.trim(), privacy: isSecret ? 'SECRET' : 'PUBLIC' } })
      void readAgain()
      onMade(board)
    } catch (error) {
      setProblem(sayFailure(error))
      setBusy(false)
    }
  }

  return (
    <form className="grid gap-4" onSubmit={(event) => void make(event)}>
      <label className="field" htmlFor={id}>
        <span>{text.boardName}</span>
        <input
          id={id}
          className="in"
          dir="auto"
          required
          maxLength={180}
          // biome-ignore lint/a11y/noAutofocus: it takes the place of the field that had the focus
          autoFocus
          value={name}
          aria-invalid={problem !== ''}
          aria-describedby={`${id}-problem`}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <Problem id={`${id}-problem`} said={problem} />
      <label className="flex items-center gap-2">
        <input type="checkbox" checked={isSecret} onChange={(event) => setSecret(event.target.checked)} />
        {text.keepSecret}
      </label>
      <div className="actions">
        <button type="button" className="btn quiet" onClick={onBack}>
          {words.back}
        </button>
        <button type="submit" className="btn primary" disabled={isBusy || name.trim() === ''}>
          {text.makeBoard}
        </button>
      </div>
    </form>
  )
}

/** What is wrong with a field. */
export function Problem({ id, said }: { id?: string; said: string }) {
  return (
    <p className="problem" id={id} role="alert" hidden={said === ''}>
      <Icon name="alert" size={16} />
      <span>{said}</span>
    </p>
  )
}
