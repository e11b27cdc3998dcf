import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { queries } from '../api/queries.ts'
import { useTitle } from '../shell/title.ts'
import { MoreButton } from '../ui/more-button.tsx'
import { Failure, State } from '../ui/state.tsx'
import { words } from '../words/index.ts'
import { useItems } from './list.tsx'
import { PersonRow } from './person-row.tsx'

export interface FollowListProps {
  username: string
  which: 'followers' | 'following'
}

/** Who follows an account, or whom it follows. */
export function FollowList({ username, which }: FollowListProps) {
  const { data: profile } = useQuery(queries.profile(username))
  const result = useInfiniteQuery(queries.followList(username, which))
  const people = useItems(result)
  const { data, error, hasNextPage, isFetching, refetch } = result
  const title = words.account[which](profile?.name ?? username)
  useTitle(error ? words.missingProfile.title : title)
  if (error && !data) return <Failure error={error} retry={() => void refetch()} missing={words.missingProfile} />
  return (
    <>
      <nav className="crumbs" aria-label={words.yourProfile}>
        <Link className="link" href={`/u/${username}`}>
          {profile?.name ?? username}
        </Link>
      </nav>
      <h1 className="text-28 mb-4" dir="auto">
        {title}
      </h1>
      {data && people.length === 0 && !hasNextPage && <State said={words.account.nobody} />}
      <ul className="people" aria-busy={isFetching}>
        {people.map((person) => (
          <li key={person.username}>
            <PersonRow person={person} />
          </li>
        ))}
      </ul>
      <MoreButton list={result} />
    </>
  )
}
