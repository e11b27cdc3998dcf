import { Link } from 'wouter'
import type { Person } from '../api/calls.ts'

/** An account among others, which leads to its profile. */
export function PersonRow({ person: { username, name, profile_image: picture } }: { person: Person }) {
  return (
    <Link href={`/u/${username}`} className="person">
      <img className="avatar" src={picture} width={44} height={44} alt="" loading="lazy" />
      <span className="min-w-0">
        <b className="block truncate" dir="auto">
          {name}
        </b>
        <span className="text-soft block truncate">@{username}</span>
      </span>
    </Link>
  )
}
