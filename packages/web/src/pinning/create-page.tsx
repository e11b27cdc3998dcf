import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { Link } from 'wouter'
import { useSession } from '../shell/session.ts'
import { useTitle } from '../shell/title.ts'
import { Icon } from '../ui/icon.tsx'
import { State, signInHref } from '../ui/state.tsx'
import { words, writeNumber } from '../words/index.ts'
import { AlreadyThere } from './already-there.tsx'
import { lastFirst, Problem, useOwnBoards } from './board-choice.tsx'
import { BoardField } from './board-field.tsx'
import { addressesIn } from './dropped.ts'
import { accepted } from './file-types.ts'
import { useLastBoards } from './last-boards.ts'
import { lookAt, openPage } from './look.ts'
import { PageChoice } from './page-choice.tsx'
import { PinFields } from './pin-form.tsx'
import { usePreview } from './preview.ts'
import { add, change, type Item, leaveOut, makeAll, setForAll, useQueue } from './queue.ts'
import { TextField } from './text-field.tsx'
import { VideoCover, VideoThumb } from './video-cover.tsx'

const text = words.pinning

/** Where Pins are made: of files, of folders, of addresses; many at once. */
export default function CreatePage() {
  const session = useSession()
  useTitle(text.newPins)
  if (session?.person === null)
    return (
      <State said={words.signedOut} mood="missing" isPage>
        <a className="btn primary" href={signInHref()}>
          {words.signIn}
        </a>
      </State>
    )
  return <Create />
}

function Create() {
  const { items, pages } = useQueue()
  useFirstBoard()
  return (
    <>
      <header className="mb-5">
        <h1 className="text-28">{text.newPins}</h1>
        <p className="text-soft">{text.newPinsHint}</p>
      </header>
      <div className="create">
        <div className="grid min-w-0 gap-4">
          <Picker />
          {pages.map((page) => page.isOpen && <PageChoice key={page.id} page={page} items={items} />)}
          {items.length > 0 && <List items={items} />}
        </div>
        <ForAll />
      </div>
      {items.length > 0 && <SaveBar items={items} />}
    </>
  )
}

/** Chooses the board that was pinned to last, or the first that there is. */
function useFirstBoard(): void {
  const { board } = useQueue()
  const { boards, isLoading } = useOwnBoards()
  const last = useLastBoards()
  const [first] = lastFirst(boards, last)
  useEffect(() => {
    if (!board && !isLoading && first) setForAll({ board: { id: first.id, name: first.name } })
  }, [board, isLoading, first])
}

/** Takes files and addresses. */
function Picker() {
  const files = useRef<HTMLInputElement>(null)
  const [addresses, setAddresses] = useState('')
  const [problem, setProblem] = useState('')
  const id = useId()

  function addAddresses(event: FormEvent): void {
    event.preventDefault()
    const found = addressesIn(addresses)
    setProblem(found.length === 0 ? text.noAddress : '')
    if (found.length === 0) return
    setAddresses('')
    add(found.map((url) => ({ url })))
  }

  return (
    <section className="drop" aria-label={text.addPictures}>
      <div className="flex flex-1 items-center gap-3">
        <Icon name="upload" />
        <p className="flex-1">
          <b>{text.dropFiles}</b>
          <span className="text-13 block">{text.takes}</span>
        </p>
        <button type="button" className="btn" onClick={() => files.current?.click()}>
          {text.chooseFiles}
        </button>
        <input
          ref={files}
          type="file"
          multiple
          accept={accepted}
          hidden
          onChange={({ target }) => {
            add([...(target.files ?? [])].map((file) => ({ file })))
            target.value = ''
          }}
        />
      </div>
      <form className="flex flex-1 items-center gap-2" onSubmit={addAddresses} noValidate>
        <label className="sr-only" htmlFor={id}>
          {text.pictureAddress}
        </label>
        <input
          id={id}
          className="in"
          type="url"
          placeholder={text.pictureAddress}
          value={addresses}
          aria-invalid={problem !== ''}
          aria-describedby={`${id}-problem`}
          onChange={(event) => setAddresses(event.target.value)}
          onPaste={(event) => {
            // The field has one line: several addresses would run together in it.
            const several = addressesIn(event.clipboardData.getData('text/plain'))
            if (several.length < 2) return
            event.preventDefault()
            add(several.map((url) => ({ url })))
          }}
        />
        <button type="submit" className="btn">
          {text.look}
        </button>
      </form>
      <Problem id={`${id}-problem`} said={problem} />
    </section>
  )
}

/** What holds for all of them. */
function ForAll() {
  const { board, section, link, items } = useQueue()
  return (
    <section className="panel for-all" aria-label={text.forAll(items.length)}>
      <h2 className="text-16">{text.forAll(items.length)}</h2>
      <BoardField
        board={board}
        section={section}
        onChange={(to, within) => setForAll({ board: to, section: within })}
      />
      <TextField
        label={text.link}
        type="url"
        value={link}
        onChange={(next) => setForAll({ link: next })}
        maxLength={2048}
      />
    </section>
  )
}

function List({ items }: { items: readonly Item[] }) {
  return (
    <ul className="panel uploads" aria-label={text.newPins}>
      {items.map((item) => (
        <Row key={item.id} item={item} />
      ))}
    </ul>
  )
}

const nameOf = ({ words: { title }, source }: Item): string =>
  title || ('url' in source ? source.url : source.file.name)

function Row({ item }: { item: Item }) {
  const [isOpen, setOpen] = useState(false)
  const { id, state, words: said } = item
  const isOpenToChange = state === 'ready' || state === 'failed'
  const name = nameOf(item)
  return (
    <li className="upload">
      <span className="thumb">
        <Thumb item={item} />
      </span>
      <div className="min-w-0">
        {isOpenToChange ? (
          <input
            className="title"
            aria-label={text.titleOf(name)}
            placeholder={text.title}
            dir="auto"
            maxLength={100}
            value={said.title}
            onChange={(event) => change(id, { words: { ...said, title: event.target.value } })}
          />
        ) : (
          <b className="truncate block" dir="auto">
            {name}
          </b>
        )}
        <Progress item={item} />
      </div>
      <div className="flex gap-1">
        {(state === 'failed' || state === 'unreached') && (
          <button
            type="button"
            className="btn small"
            onClick={() => void (state === 'failed' ? makeAll((each) => each.id === id) : lookAt([item]))}
          >
            {words.tryAgain}
          </button>
        )}
        {item.page !== undefined && <PageButton page={item.page} name={name} />}
        {state === 'sending' && item.cancel && (
          <button type="button" className="btn small" onClick={item.cancel} aria-label={text.cancelSending(name)}>
            {text.cancel}
          </button>
        )}
        {isOpenToChange && (
          <button
            type="button"
            className="btn quiet icon"
            aria-expanded={isOpen}
            aria-label={text.detailsOf(name)}
            onClick={() => setOpen(!isOpen)}
          >
            <Icon name="pencil" />
          </button>
        )}
        {state !== 'sending' && state !== 'waiting' && (
          <button
            type="button"
            className="btn quiet icon"
            aria-label={text.leaveOut(name)}
            onClick={() => leaveOut((each) => each.id === id)}
          >
            <Icon name="close" />
          </button>
        )}
      </div>
      <AlreadyThere item={item} name={name} />
      {isOpen && isOpenToChange && (
        <div className="details">
          {item.kind === 'video' && <VideoCover item={item} />}
          <PinFields value={said} onChange={(next) => change(id, { words: next })} />
        </div>
      )}
    </li>
  )
}

/** What a row shows of its picture or video. */
function Thumb({ item }: { item: Item }) {
  const { src } = usePreview(item.previewUrl)
  const picture = item.preview ?? src
  const otherwise = <Icon name={'url' in item.source ? 'link' : item.kind === 'video' ? 'play' : 'alert'} />
  if (item.kind === 'video') return <VideoThumb item={item} otherwise={otherwise} />
  return picture ? <img src={picture} alt="" decoding="async" /> : otherwise
}

/** Shows the other pictures of the page that a Pin to make is of. */
function PageButton({ page: id, name }: { page: string; name: string }) {
  const page = useQueue().pages.find((each) => each.id === id)
  if (!page || page.pictures.length < 2) return null
  return (
    <button
      type="button"
      className="btn quiet icon"
      aria-expanded={page.isOpen}
      aria-label={text.otherPictures(name)}
      title={text.otherPictures(name)}
      onClick={() => openPage(id, !page.isOpen)}
    >
      <Icon name="pictures" />
    </button>
  )
}

function Progress({ item: { state, part, problem, pinId, source, kind } }: { item: Item }) {
  if (state === 'unfit' || state === 'unreached' || state === 'failed') return <Problem said={problem} />
  if (state === 'sending')
    return (
      <div className="text-13 text-soft flex items-center gap-2">
        <span>
          {part < 1 ? text.sending(Math.round(part * 100)) : kind === 'video' ? text.makingVideo : text.making}
        </span>
        <progress max={1} value={part} aria-label={text.sending(Math.round(part * 100))} />
      </div>
    )
  if (state === 'made')
    return (
      <p className="text-13 flex items-center gap-1">
        <Icon name="check" size={16} />
        <Link className="link" href={`/pin/${pinId}`}>
          {text.open}
        </Link>
      </p>
    )
  const size = 'file' in source ? ` · ${writeNumber(Math.max(0.1, Math.round(source.file.size / 1e5) / 10))} MB` : ''
  return (
    <p className="text-13 text-soft">
      {state === 'waiting' ? text.waiting : state === 'looking' ? text.looking : text.ready}
      {size}
    </p>
  )
}

/** Takes everything out. */
function clearAll(): void {
  setForAll({ pages: [] })
  leaveOut(() => true)
}

function SaveBar({ items }: { items: readonly Item[] }) {
  const { board } = useQueue()
  const count = (...states: Item['state'][]) => items.filter(({ state }) => states.includes(state)).length
  const [toMake, underWay, made] = [count('ready', 'failed'), count('waiting', 'sending'), count('made')]
  return (
    <div className="savebar">
      <p className="min-w-0 flex-1" role="status">
        <b>{text.madeOf(made, items.length - count('unfit', 'unreached'))}</b>
        {underWay > 0 && <span className="text-13 text-soft block">{text.mayLeave}</span>}
      </p>
      <button type="button" className="btn quiet" disabled={underWay > 0} onClick={clearAll}>
        {text.clear}
      </button>
      <button
        type="button"
        className="btn primary"
        disabled={toMake === 0 || underWay > 0 || !board}
        onClick={() => void makeAll()}
      >
        {text.createPins(toMake)}
      </button>
    </div>
  )
}
