import { useEffect, useRef } from 'react'
import { Link } from 'wouter'
import { useTitle } from '../shell/title.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { Missing } from '../ui/state.tsx'
import { developerWords as text } from '../words/developer/index.ts'
import { words } from '../words/index.ts'
import { AppsPage } from './apps-page.tsx'
import { ControlPage } from './control-page.tsx'
import { InspectorPage } from './inspector-page.tsx'
import { ReviewPage } from './review-page.tsx'
import { TokensPage } from './tokens-page.tsx'
import { WebhooksPage } from './webhooks-page.tsx'
import './developer.css'

const parts = {
  requests: { name: text.inspector, icon: 'activity', Page: InspectorPage },
  apps: { name: text.apps, icon: 'boards', Page: AppsPage },
  tokens: { name: text.tokens, icon: 'key', Page: TokensPage },
  webhooks: { name: text.webhooks.title, icon: 'feed', Page: WebhooksPage },
  review: { name: text.review, icon: 'check', Page: ReviewPage },
  control: { name: text.control, icon: 'settings', Page: ControlPage },
} as const satisfies Record<string, { name: string; icon: IconName; Page: () => React.ReactNode }>

/** The pages for developers: a column of their names, and one of them. */
export function DeveloperPage({ part = 'requests' }: { part?: string | undefined }) {
  const shown = Object.entries(parts).find(([name]) => name === part)?.[1]
  useTitle(shown ? `${shown.name} · ${text.title}` : words.missingPage.title)
  const names = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page has another name
  useEffect(() => {
    // On a phone the names are a row that is longer than the window.
    names.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [part])
  if (!shown) return <Missing said={words.missingPage} />
  return (
    <div className="developer">
      <nav aria-label={text.title} ref={names}>
        {Object.entries(parts).map(([name, { name: label, icon }]) => (
          <Link
            key={name}
            href={`/developer/${name}`}
            className="chip"
            aria-current={name === part ? 'page' : undefined}
          >
            <Icon name={icon} size={16} />
            {label}
          </Link>
        ))}
        <a className="chip" href="/docs/">
          <Icon name="book" size={16} />
          {words.reference}
        </a>
      </nav>
      <div className="min-w-0">
        <shown.Page />
      </div>
    </div>
  )
}
