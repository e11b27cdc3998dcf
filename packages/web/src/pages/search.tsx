import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Link, useSearch } from 'wouter'
import { queries } from '../api/queries.ts'
import { isNarrowed, pinsQueryOf, readWanted, type SearchTab, searchHref, type Wanted } from '../find/address.ts'
import { nameOfColour } from '../find/colours.ts'
import { useSession } from '../shell/session.ts'
import { useTitle } from '../shell/title.ts'
import { DensityChoice } from '../ui/density-choice.tsx'
import { Segment } from '../ui/segment.tsx'
import { Failure, State } from '../ui/state.tsx'
import { words } from '../words/index.ts'
import { BoardCard } from './board-card.tsx'
import { BoardList } from './board-list.tsx'
import { PinList, useItems } from './list.tsx'
import { PersonRow } from './person-row.tsx'
import { SearchFilters, useChange } from './search-filters.tsx'

const tabs: readonly SearchTab[] = ['pins', 'boards', 'people']
const tabNames = { pins: words.pins, boards: words.boards, people: words.find.people }

/** The results of a search: Pins, boards or people. The address holds all of what was searched for. */
export function SearchPage({ tab }: { tab: SearchTab }) {
  const search = useSearch()
  const wanted = readWanted(search)
  const found = wanted.query ? words.find.resultsFor(tabNames[tab], wanted.query) : tabNames[tab]
  const title = tab === 'pins' && wanted.color ? words.find.inColour(found, nameOfColour(wanted.color)) : found
  useTitle(title)
  // biome-ignore lint/correctness/useExhaustiveDependencies: other results begin at their top
  useEffect(() => {
    scrollTo(0, 0)
  }, [search])
  return (
    <>
      <div className="strip wraps">
        <h1 className="text-22 flex-1" dir="auto">
          {title}
        </h1>
        {tab !== 'people' && <ScopeChoice tab={tab} wanted={wanted} />}
        <nav className="segment" aria-label={words.find.what}>
          {tabs.map((each) => (
            <Link key={each} href={searchHref(each, wanted)} aria-current={each === tab ? 'page' : undefined}>
              {tabNames[each]}
            </Link>
          ))}
        </nav>
      </div>
      {tab === 'pins' && <PinResults wanted={wanted} />}
      {tab === 'boards' && <BoardResults wanted={wanted} />}
      {tab === 'people' && <PeopleResults query={wanted.query} />}
    </>
  )
}

/** Everything that one may see, or one's own. */
function ScopeChoice({ tab, wanted }: { tab: SearchTab; wanted: Wanted }) {
  const change = useChange(tab)
  if (!useSession()?.person) return null
  return (
    <Segment
      label={words.find.whose}
      value={wanted.mine ? 'mine' : 'all'}
      onChange={(scope) => change({ ...wanted, mine: scope === 'mine' })}
      options={[
        { value: 'all', name: words.find.everything },
        { value: 'mine', name: words.find.mine },
      ]}
    />
  )
}

function PinResults({ wanted }: { wanted: Wanted }) {
  const query = pinsQueryOf(wanted)
  const none = isNarrowed(wanted) ? words.find.noPinsNarrowed : words.find.noPins
  return (
    <>
      <div className="strip">
        <SearchFilters wanted={wanted} />
        <DensityChoice isInStrip />
      </div>
      <PinList
        key={JSON.stringify(query)}
        label={words.find.results}
        query={queries.searchPins(query)}
        empty={<State said={none} mood="missing" />}
        missing={words.find.badFilter}
      />
    </>
  )
}

/** Boards: first one's own, then everybody's. */
function BoardResults({ wanted: { query, mine } }: { wanted: Wanted }) {
  const isSignedIn = Boolean(useSession()?.person)
  const own = useInfiniteQuery({ ...queries.searchBoards(query, 'mine'), enabled: isSignedIn && query !== '' })
  const ownBoards = useItems(own)
  const none = <State said={words.find.noBoards} mood="missing" />
  if (query === '') return none
  if (mine) return <BoardList query={queries.searchBoards(query, 'mine')} empty={none} />
  return (
    <>
      {isSignedIn && ownBoards.length > 0 && (
        <section className="mb-8">
          <h2 className="text-18 mb-3">{words.find.yourBoards}</h2>
          <ul className="boards">
            {ownBoards.map((view) => (
              <li key={view.board.id}>
                <BoardCard view={view} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <BoardList
          query={queries.searchBoards(query, 'all')}
          isShown={({ board }) => !ownBoards.some((own) => own.board.id === board.id)}
          heading={ownBoards.length > 0 && <h2 className="text-18 mb-3">{words.find.everybodysBoards}</h2>}
          empty={ownBoards.length > 0 ? null : none}
        />
      </section>
    </>
  )
}

function PeopleResults({ query }: { query: string }) {
  const { data, error, refetch } = useQuery(queries.searchPeople(query))
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <div className="min-h-48" aria-busy="true" />
  if (data.items.length === 0) return <State said={words.find.noPeople} mood="missing" />
  return (
    <ul className="people">
      {data.items.map((person) => (
        <li key={person.username}>
          <PersonRow person={person} />
        </li>
      ))}
    </ul>
  )
}
