import { memo, type ReactNode, useEffect, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { PinDialog } from '../pages/pin-dialog.tsx'
import { Asked } from '../pinning/asked.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import { Mark } from '../ui/mark.tsx'
import { signInHref } from '../ui/state.tsx'
import { words } from '../words/index.ts'
import { AccountMenu, VisitorMenu } from './account-menu.tsx'
import { ConnectionBanner } from './connection-banner.tsx'
import { CrashGuard } from './crash-guard.tsx'
import { Floating } from './floating.tsx'
import { useHistoryPlaces } from './history.ts'
import { usePinOver } from './over.ts'
import { SearchField } from './search-field.tsx'
import { useSession } from './session.ts'
import { Shortcuts } from './shortcuts.tsx'

/** The frame of every page: the bar, the page itself, the tabs of a phone, and messages. */
export function Shell({ children }: { children: ReactNode }) {
  useHistoryPlaces()
  const [location] = useLocation()
  return (
    <>
      <a className="skip" href="#content">
        {words.skip}
      </a>
      <TopBar />
      <main id="content" tabIndex={-1}>
        <ConnectionBanner />
        <CrashGuard address={location}>{children}</CrashGuard>
      </main>
      <TabBar />
      <FloatingOverPage />
      <PinDialog />
      <Shortcuts />
      <Asked />
    </>
  )
}

/** What floats above the page, unless a Pin is open over it: then it floats above that. */
function FloatingOverPage() {
  return usePinOver() === undefined && <Floating />
}

/** A place that the bars lead to. */
interface Destination {
  href: string
  name: string
  icon: IconName
  /** Whether it is where the page belongs. */
  isHere: boolean
}

function useDestinations(): Destination[] {
  const [location] = useLocation()
  const person = useSession()?.person
  const own = person && `/u/${person.username}`
  return [
    { href: '/', name: words.home, icon: 'house', isHere: ['/', '/following', '/for-you'].includes(location) },
    ...(own ? [{ href: own, name: words.boards, icon: 'boards' as const, isHere: location.startsWith(own) }] : []),
  ]
}

const TopBar = memo(function TopBar() {
  const session = useSession()
  const isScrolled = useScrolled()
  const [location] = useLocation()
  const destinations = useDestinations()
  return (
    <header className={isScrolled ? 'bar scrolled' : 'bar'}>
      <Link href="/" className="brand" aria-label={words.homeLabel}>
        <Mark />
        <span className="brandname">Pinfold</span>
      </Link>
      <nav aria-label={words.mainNavigation}>
        {destinations.map(({ href, name, isHere }) => (
          <Link key={href} href={href} aria-current={isHere ? 'page' : undefined}>
            {name}
          </Link>
        ))}
        <Link
          href="/developer"
          className="wide-only"
          aria-current={location.startsWith('/developer') ? 'page' : undefined}
        >
          {words.developer}
        </Link>
      </nav>
      <SearchField />
      <div className="right">
        {session?.person && (
          <>
            <Link href="/create" className="btn primary create-button">
              <Icon name="plus" />
              {words.pinning.create}
            </Link>
            <AccountMenu person={session.person} />
          </>
        )}
        {session?.person === null && (
          <>
            <VisitorMenu />
            <a className="btn primary" href={signInHref()}>
              {words.signIn}
            </a>
          </>
        )}
      </div>
    </header>
  )
})

const TabBar = memo(function TabBar() {
  const destinations = useDestinations()
  const [location] = useLocation()
  const create: Destination = {
    href: '/create',
    name: words.pinning.create,
    icon: 'plus',
    isHere: location === '/create',
  }
  if (destinations.length < 2) return null
  return (
    <nav className="tabbar" aria-label={words.mainNavigation}>
      {[...destinations, create].map(({ href, name, icon, isHere }) => (
        <Link key={href} href={href} aria-current={isHere ? 'page' : undefined}>
          <Icon name={icon} />
          {name}
        </Link>
      ))}
    </nav>
  )
})

function useScrolled(): boolean {
  const [isScrolled, setScrolled] = useState(false)
  useEffect(() => {
    const look = () => setScrolled(scrollY > 4)
    addEventListener('scroll', look, { passive: true })
    return () => removeEventListener('scroll', look)
  }, [])
  return isScrolled
}
