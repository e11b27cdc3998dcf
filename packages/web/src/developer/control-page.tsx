import { useQuery } from '@tanstack/react-query'
import { Failure } from '../ui/state.tsx'
import { developerWords as text } from '../words/developer/index.ts'
import { ClockPanel } from './clock-panel.tsx'
import { Closed, isClosed } from './closed.tsx'
import { FaultsPanel } from './faults-panel.tsx'
import { PageHead } from './page-head.tsx'
import { developerQueries } from './queries.ts'
import { SnapshotsPanel } from './snapshots-panel.tsx'

/** The server's clock, what goes wrong on purpose, and its data. */
export function ControlPage() {
  const { data: clock, error, refetch } = useQuery(developerQueries.clock())
  if (isClosed(error)) return <Closed retry={() => void refetch()} />
  if (error && !clock) return <Failure error={error} retry={() => void refetch()} />
  return (
    <>
      <PageHead title={text.control} said={text.controlSaid} />
      {clock && (
        <div className="grid gap-4">
          <ClockPanel clock={clock} />
          <FaultsPanel />
          <SnapshotsPanel />
        </div>
      )}
    </>
  )
}
