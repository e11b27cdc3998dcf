import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { queries } from '../api/queries.ts'
import { useTitle } from '../shell/title.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { Failure } from '../ui/state.tsx'
import { words } from '../words/index.ts'
import { AppSettings } from './app-settings.tsx'
import { ProfileSettings } from './profile-settings.tsx'
import { SecuritySettings } from './security-settings.tsx'

export type SettingsPart = 'profile' | 'security' | 'apps'

const text = words.account
const parts: readonly { part: SettingsPart; href: string; name: string; icon: IconName }[] = [
  { part: 'profile', href: '/settings', name: text.profile, icon: 'person' },
  { part: 'security', href: '/settings/security', name: text.security, icon: 'lock' },
  { part: 'apps', href: '/settings/apps', name: text.apps, icon: 'boards' },
]

/** What somebody changes about their account. */
export function SettingsPage({ part }: { part: SettingsPart }) {
  const name = parts.find((each) => each.part === part)?.name ?? text.title
  useTitle(`${name} · ${text.title}`)
  const { data: settings, error, refetch } = useQuery(queries.settings())
  if (error && !settings) return <Failure error={error} retry={() => void refetch()} />
  return (
    <div className="settings">
      <nav aria-label={text.title}>
        {parts.map((each) => (
          <Link
            key={each.part}
            href={each.href}
            className="chip"
            aria-current={each.part === part ? 'page' : undefined}
          >
            <Icon name={each.icon} size={16} />
            {each.name}
          </Link>
        ))}
      </nav>
      <div className="min-w-0" aria-busy={!settings}>
        <h1 className="text-28 mb-4">{name}</h1>
        {settings && part === 'profile' && <ProfileSettings settings={settings} />}
        {settings && part === 'security' && <SecuritySettings settings={settings} />}
        {part === 'apps' && <AppSettings />}
      </div>
    </div>
  )
}
