import { Link } from 'wouter'
import type { BoardView } from '../api/calls.ts'
import { Icon } from '../ui/icon.tsx'
import { words } from '../words/index.ts'

/** A board among others: its newest pictures in brick bond, its name, and how much is on it. */
export function BoardCard({ view: { board, cover_urls: covers } }: { view: BoardView }) {
  const isSecret = board.privacy === 'SECRET'
  return (
    <Link href={`/board/${board.id}`} className="board-card">
      <Bond covers={covers} />
      <span className="name">
        <span className="truncate" dir="auto">
          {board.name}
        </span>
        {isSecret && <Icon name="lock" size={16} />}
      </span>
      <span className="meta">
        {words.pinCount(board.pin_count ?? 0)}
        {isSecret && ` · ${words.secret}`}
      </span>
    </Link>
  )
}

/** Pictures of a board in brick bond: four at most. */
export function Bond({ covers }: { covers: readonly string[] }) {
  return (
    <span className={`bond of-${Math.max(1, covers.length)}`}>
      {covers.length === 0 && <span />}
      {covers.map((url) => (
        <span key={url}>
          <img src={url} width={400} height={300} alt="" loading="lazy" decoding="async" />
        </span>
      ))}
    </span>
  )
}
