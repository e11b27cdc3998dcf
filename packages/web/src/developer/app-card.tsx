import { Icon } from '../ui/icon.tsx'
import { developerWords as text } from '../words/developer/index.ts'
import type { AskedOfApp } from './apps-page.tsx'
import type { OwnApp } from './calls.ts'

/** So many connected accounts are counted. */
const mostCounted = 1000

/** An app of one's own, and what can be done with it. */
export function AppCard({ app, ask }: { app: OwnApp; ask: (asked: AskedOfApp) => void }) {
  const { id, name, tier, connected_accounts: connected } = app
  return (
    <section className="panel app-card" aria-label={name}>
      <header>
        <span className="letters" aria-hidden="true">
          {[...name].slice(0, 2).join('')}
        </span>
        <div className="grow">
          <h2 className="text-16" dir="auto">
            {name}
          </h2>
          <span className="text-soft text-13">
            {connected < mostCounted ? text.connected(connected) : text.connectedMany(connected)}
          </span>
        </div>
        <span className={tier === 'trial' ? 'badge warn' : 'badge ok'}>{text.tiers[tier]}</span>
        <button
          type="button"
          className="btn small"
          aria-label={text.editNamed(name)}
          onClick={() => ask({ to: 'edit', app })}
        >
          <Icon name="pencil" size={16} />
          {text.edit}
        </button>
        <button
          type="button"
          className="btn small quiet"
          aria-label={text.deleteNamed(name)}
          title={text.deleteNamed(name)}
          onClick={() => ask({ to: 'delete', app })}
        >
          <Icon name="trash" size={16} />
        </button>
      </header>
      <dl className="app-facts">
        <dt>{text.appId}</dt>
        <dd>
          <code>{id}</code>
        </dd>
        <dt>{text.secret}</dt>
        <dd>
          {text.secretKept}{' '}
          <button
            type="button"
            className="link"
            aria-label={text.newSecretOf(name)}
            onClick={() => ask({ to: 'renew', app })}
          >
            {text.newSecret}
          </button>
        </dd>
        <dt>{text.redirectUris}</dt>
        <dd>
          <Redirects app={app} />
        </dd>
        <dt>{text.features}</dt>
        <dd>{featuresOf(app)}</dd>
      </dl>
    </section>
  )
}

function Redirects({ app: { redirect_uris: uris, loopback_redirects: takesLoopback } }: { app: OwnApp }) {
  if (uris.length === 0 && !takesLoopback) return text.noRedirects
  return (
    <>
      {uris.map((uri) => (
        <code key={uri} className="block">
          {uri}
        </code>
      ))}
      {takesLoopback && text.loopbackShown}
    </>
  )
}

/** Names the restricted features that an app has. */
function featuresOf({ features, tier }: OwnApp): string {
  if (features === null) return tier === 'trial' ? text.noFeatures : text.allFeatures
  return features.length === 0 ? text.noFeatures : features.map((name) => text.featureNames[name]).join(', ')
}
