import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import { Link } from 'wouter'
import { findPin } from '../api/cache.ts'
import type { Pin, PinView } from '../api/calls.ts'
import { isPassing, queries } from '../api/queries.ts'
import { PinActions } from '../pinning/pin-actions.tsx'
import { useTitle } from '../shell/title.ts'
import { Icon } from '../ui/icon.tsx'
import { Failure } from '../ui/state.tsx'
import { showToast } from '../ui/toast.tsx'
import { words, writeDay } from '../words/index.ts'
import { PinList } from './list.tsx'
import { PinColours } from './pin-colours.tsx'
import { useBeside, usePinPageKeys } from './pin-keys.ts'
import { Stage } from './stage.tsx'

/** A Pin: large, with its words, where it leads and where it is, and what is like it. */
export function PinPage({ pinId }: { pinId: string }) {
  const { data: view, error, refetch } = useQuery(queries.pin(pinId))
  // What the wall has of it is shown at once.
  const known = useMemo(() => findPin(pinId), [pinId])
  const pin = view?.pin ?? known
  const beside = useBeside(pinId)
  usePinPageKeys(beside)
  const isFailed = error !== null && !view && !(known && isPassing(error))
  useTitle(isFailed ? words.missingPin.title : pin && (pin.title || words.untitled))
  if (isFailed) return <Failure error={error} retry={() => void refetch()} missing={words.missingPin} />
  if (!pin) return null
  return (
    <>
      <article className="closeup" style={{ ['--c' as string]: pin.dominant_color ?? 'var(--fill)' }}>
        <Stage key={pin.id} pin={pin} beside={beside} />
        <Info pin={pin} view={view} />
      </article>
      <Related pinId={pin.id} />
    </>
  )
}

/** What is like a Pin; nothing where there is nothing. */
function Related({ pinId }: { pinId: string }) {
  const query = queries.related(pinId)
  const { data, isError } = useInfiniteQuery(query)
  if (isError || data?.pages.every(({ items }) => items.length === 0)) return null
  return (
    <section>
      <h2 className="text-22 mb-4">{words.related}</h2>
      <PinList label={words.related} query={query} empty={null} />
    </section>
  )
}

function Info({ pin, view }: { pin: Pin; view: PinView | undefined }) {
  const host = pin.link ? URL.parse(pin.link)?.host.replace(/^www\./, '') : undefined
  return (
    <div className="info">
      <div className="pin-actions">
        <button type="button" className="btn quiet" onClick={() => void copyLink()}>
          <Icon name="link" />
          <span className="max-md:sr-only">{words.share}</span>
        </button>
        <PinActions pin={pin} />
      </div>
      <div>
        <h1 dir="auto">{pin.title || <span className="text-soft">{words.untitled}</span>}</h1>
        {pin.description && (
          <p className="text-16 mt-2 whitespace-pre-line" dir="auto">
            {pin.description}
          </p>
        )}
      </div>
      {host && (
        <a
          className="btn large !justify-start"
          href={`/pin/${pin.id}/visit`}
          target="_blank"
          rel="noopener nofollow"
          aria-label={words.visit(host)}
        >
          <Icon name="link" />
          <span className="truncate">{host}</span>
          <span className="ms-auto">
            <Icon name="out" flips />
          </span>
        </a>
      )}
      {view && <PinColours colours={view.colors} />}
      {view && <Facts view={view} />}
    </div>
  )
}

/** Where a Pin is, whose it is, and who saved it. */
function Facts({ view: { pin, board, section, owner, saved_by: savedBy } }: { view: PinView }) {
  return (
    <div className="facts">
      {board && (
        <Fact href={`/board/${board.id}`} picture={board.cover_url}>
          <b dir="auto">{board.name}</b>
          {section && <span className="text-soft"> · {section.name}</span>}
          {board.privacy === 'SECRET' && <span className="text-soft"> · {words.secret}</span>}
        </Fact>
      )}
      <Fact href={`/u/${owner.username}`} picture={owner.profile_image}>
        <b dir="auto">{owner.name}</b>
        {pin.created_at && <span className="text-13 text-soft block">{writeDay(pin.created_at)}</span>}
      </Fact>
      {savedBy.count > 0 && (
        <p className="fact">
          <span className="stack">
            {savedBy.people.map(({ username, profile_image: picture }) => (
              <img key={username} className="avatar" src={picture} width={28} height={28} alt="" />
            ))}
          </span>
          <span>
            {words.savedBy(
              savedBy.people.map(({ name }) => name),
              savedBy.count - savedBy.people.length,
            )}
          </span>
        </p>
      )}
    </div>
  )
}

function Fact({ href, picture, children }: { href: string; picture: string | null; children: ReactNode }) {
  return (
    <Link className="fact" href={href}>
      {picture === null ? <span className="cover" /> : <img className="cover" src={picture} alt="" />}
      <span className="min-w-0 flex-1">{children}</span>
      <Icon name="next" size={16} flips />
    </Link>
  )
}

async function copyLink(): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href)
    showToast(words.linkCopied)
  } catch {
    showToast(words.linkNotCopied)
  }
}
