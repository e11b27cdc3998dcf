import { useMutation, useQueryClient } from '@tanstack/react-query'
import { follow, type Profile, unfollow } from '../api/calls.ts'
import { queries } from '../api/queries.ts'
import { useSession } from '../shell/session.ts'
import { Icon } from '../ui/icon.tsx'
import { signInHref } from '../ui/state.tsx'
import { showToast } from '../ui/toast.tsx'
import { words } from '../words/index.ts'

/** Follows somebody, or stops to: at once, with a way back. */
export function FollowButton({ profile }: { profile: Profile }) {
  const { username, name, is_followed: isFollowed } = profile
  const session = useSession()
  const client = useQueryClient()
  const { queryKey } = queries.profile(username)
  const change = useMutation({
    mutationFn: (follows: boolean) =>
      follows ? follow({ params: { username }, body: {} }) : unfollow({ params: { username } }),
    onMutate: (follows) =>
      client.setQueryData(queryKey, (known: Profile | undefined) => {
        if (!known || known.is_followed === follows) return known
        return { ...known, is_followed: follows, follower_count: known.follower_count + (follows ? 1 : -1) }
      }),
    onSuccess: (_, follows) => {
      void client.invalidateQueries({ queryKey: queries.feed('following').queryKey })
      showToast(follows ? words.followed(name) : words.unfollowed(name), () => change.mutate(!follows))
    },
    onError: () => showToast(words.followFailed),
    onSettled: () => client.invalidateQueries({ queryKey, exact: true }),
  })
  if (session?.person === null)
    return (
      <a className="btn primary" href={signInHref()}>
        <Icon name="follow" />
        {words.follow}
      </a>
    )
  return (
    <button
      type="button"
      className={isFollowed ? 'btn on' : 'btn primary'}
      aria-pressed={isFollowed}
      onClick={() => change.mutate(!isFollowed)}
    >
      <Icon name={isFollowed ? 'check' : 'follow'} />
      {isFollowed ? words.following : words.follow}
    </button>
  )
}
