import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { ApiFailure } from '../api/call.ts'
import { words } from '../words/index.ts'
import { Icon } from './icon.tsx'
import { type Mood, StateArt } from './mark.tsx'

export interface StateProps {
  /** What is the case, and what to do. */
  said: { title: string; text: string }
  mood?: Mood
  /** Whether it is all that the page says, and its title is the page's. */
  isPage?: boolean
  children?: ReactNode
}

/** What a page, or a part of it, shows in place of what is not there. */
export function State({ said, mood = 'waiting', isPage = false, children }: StateProps) {
  const Title = isPage ? 'h1' : 'h2'
  return (
    <div className="state">
      <StateArt mood={mood} />
      <Title className="text-22">{said.title}</Title>
      <p>{said.text}</p>
      {children}
    </div>
  )
}

/** The state of something that is not there, or not for the viewer. */
export function Missing({ said }: { said: StateProps['said'] }) {
  return (
    <State said={said} mood="missing" isPage>
      <Link href="/" className="btn">
        {words.goHome}
      </Link>
    </State>
  )
}

export interface FailureProps {
  error: Error
  retry: () => void
  /** What to say where the thing is not there. */
  missing?: StateProps['said']
}

/** The state after a request that failed: what happened, and what to do. */
export function Failure({ error, retry, missing = words.missingPage }: FailureProps) {
  const status = error instanceof ApiFailure ? error.status : -1
  if (status === 404 || status === 400) return <Missing said={missing} />
  if (status === 401)
    return (
      <State said={words.signedOut} mood="missing" isPage>
        <a className="btn primary" href={signInHref()}>
          {words.signIn}
        </a>
      </State>
    )
  return (
    <State said={status === 429 ? words.tooFast : words.failed} mood="wrong" isPage>
      {error instanceof ApiFailure && error.rid !== '' && <p className="!text-13">{words.failedNumber(error.rid)}</p>}
      <button type="button" className="btn" onClick={retry}>
        <Icon name="again" />
        {words.tryAgain}
      </button>
    </State>
  )
}

/** The address of the sign-in page that comes back to the page shown now. */
export const signInHref = (): string =>
  `/oauth/sign-in?${new URLSearchParams({ return_to: location.pathname + location.search })}`
