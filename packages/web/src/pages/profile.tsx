import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Link } from 'wouter'
import type { Profile as ProfileData } from '../api/calls.ts'
import { queries } from '../api/queries.ts'
import { ask } from '../pinning/ask.ts'
import { useTitle } from '../shell/title.ts'
import { DensityChoice } from '../ui/density-choice.tsx'
import { Icon } from '../ui/icon.tsx'
import { Failure, State } from '../ui/state.tsx'
import { words } from '../words/index.ts'
import { BoardList } from './board-list.tsx'
import { FollowButton } from './follow-button.tsx'
import { PinList } from './list.tsx'

export interface ProfileProps {
  username: string
  tab: 'boards' | 'pins' | 'archived'
}

/** The profile of an account: who it is, its boards, its Pins. */
export function Profile({ username, tab }: ProfileProps) {
  const { data: profile, error, refetch } = useQuery(queries.profile(username))
  const client = useQueryClient()
  useEffect(() => {
    // At the same time as who it is, so that what follows is there with it.
    if (tab !== 'pins') void client.prefetchInfiniteQuery(queries.profileBoards(username, tab === 'archived'))
    else void client.prefetchInfiniteQuery(queries.profilePins(username))
  }, [client, tab, username])
  useTitle(error ? words.missingProfile.title : profile?.name)
  if (error && !profile) return <Failure error={error} retry={() => void refetch()} missing={words.missingProfile} />
  if (!profile) return null
  const tabs = [
    { href: `/u/${username}`, name: words.boards, isHere: tab === 'boards' },
    { href: `/u/${username}/pins`, name: words.pins, isHere: tab === 'pins' },
    ...(profile.archived_board_count > 0 || tab === 'archived'
      ? [{ href: `/u/${username}/archived`, name: words.arranging.archived, isHere: tab === 'archived' }]
      : []),
  ]
  return (
    <>
      <Head profile={profile} />
      <div className="strip">
        <nav className="segment" aria-label={profile.name}>
          {tabs.map(({ href, name, isHere }) => (
            <Link key={href} href={href} aria-current={isHere ? 'page' : undefined}>
              {name}
            </Link>
          ))}
        </nav>
        <span className="flex-1" />
        {tab === 'pins' && <DensityChoice isInStrip />}
        {tab === 'boards' && profile?.is_you && (
          <button type="button" className="btn" onClick={() => ask({ to: 'make board' })}>
            <Icon name="plus" />
            {words.pinning.newBoard}
          </button>
        )}
      </div>
      {tab !== 'pins' ? (
        <BoardList
          key={tab}
          query={queries.profileBoards(username, tab === 'archived')}
          empty={<State said={tab === 'archived' ? words.arranging.emptyArchive : words.emptyProfileBoards} />}
        />
      ) : (
        <PinList
          label={words.pins}
          query={queries.profilePins(username)}
          watched={{ username }}
          empty={<State said={words.emptyProfilePins} />}
        />
      )}
    </>
  )
}

function Head({ profile }: { profile: ProfileData }) {
  const { name, username, about, website_url: website, is_you: isYou } = profile
  const site = URL.parse(website) ?? (website ? URL.parse(`https://${website}`) : null)
  return (
    <header className="profile-head">
      <img className="avatar" src={profile.profile_image} width={96} height={96} alt="" />
      <div className="min-w-48 flex-1">
        <h1 dir="auto">{name}</h1>
        <p className="text-soft mb-2">
          @{username}
          {site && /^https?:$/.test(site.protocol) && (
            <>
              {' · '}
              <a className="link" href={site.href} rel="noopener nofollow">
                {site.host.replace(/^www\./, '')}
              </a>
            </>
          )}
        </p>
        {about && (
          <p className="text-16 max-w-[56ch]" dir="auto">
            {about}
          </p>
        )}
        <p className="text-soft mt-2">
          <Link className="link" href={`/u/${username}/followers`}>
            {words.followerCount(profile.follower_count)}
          </Link>{' '}
          ·{' '}
          <Link className="link" href={`/u/${username}/following`}>
            {words.followingCount(profile.following_count)}
          </Link>{' '}
          · {words.boardCount(profile.board_count)} · {words.pinCount(profile.pin_count)}
        </p>
      </div>
      {isYou ? (
        <Link className="btn" href="/settings">
          {words.account.editProfile}
        </Link>
      ) : (
        <FollowButton profile={profile} />
      )}
    </header>
  )
}
