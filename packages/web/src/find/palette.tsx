import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { signOut } from '../api/call.ts'
import { queries } from '../api/queries.ts'
import { densities, setDensity, setLanguage, switchTheme } from '../preferences.ts'
import { useSession } from '../shell/session.ts'
import { showShortcuts } from '../shell/shortcuts.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { signInHref } from '../ui/state.tsx'
import { language, languages, words } from '../words/index.ts'
import { searchHref } from './address.ts'
import type { Choice } from './choices.ts'
import { useChooser } from './chooser.tsx'
import { useSuggestions } from './suggestions.ts'

const text = words.find

/** Goes anywhere and does anything by a few letters. */
export function Palette({ close }: { close: () => void }) {
  const [typed, setTyped] = useState('')
  const found = useSuggestions(typed)
  const commands = useCommands()
  const query = typed.trim()
  const wanted = query.toLowerCase().split(/\s+/)
  const matching = commands.filter(({ name }) => wanted.every((word) => name.toLowerCase().includes(word)))
  const everything: Choice[] =
    query === ''
      ? []
      : [
          {
            key: 'search',
            group: text.commands,
            name: text.searchFor(query),
            icon: 'search',
            href: searchHref('pins', { query, mine: false }),
          },
        ]
  const chooser = useChooser({
    // What is known here comes first: what is found may be of what was typed a moment ago, and Enter takes the first.
    choices: [...matching, ...found, ...everything],
    label: text.palette,
    takesFirst: true,
    onChosen: close,
  })
  return (
    <Dialog isOpen onClose={close} label={text.palette} className="palette">
      <div className="top">
        <Icon name="search" />
        <input
          autoFocus
          type="text"
          maxLength={200}
          aria-label={text.paletteField}
          placeholder={text.paletteField}
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            chooser.forget()
          }}
          {...chooser.field}
          onKeyDown={(event) => void chooser.onKeyDown(event)}
        />
        <button type="button" className="btn quiet icon" aria-label={words.close} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      {chooser.list}
    </Dialog>
  )
}

/** Returns everywhere to go and everything to do. */
function useCommands(): Choice[] {
  const session = useSession()
  const username = session?.person?.username
  const { data: boards } = useQuery({ ...queries.boardsToChoose(username ?? ''), enabled: username !== undefined })
  const go = (name: string, href: string, icon: Choice['icon'], shortcut?: string): Choice => ({
    key: `go ${href}`,
    group: text.goTo,
    name,
    href,
    ...(icon && { icon }),
    ...(shortcut && { shortcut }),
  })
  const act = (name: string, icon: Choice['icon'], run: () => void, shortcut?: string): Choice => ({
    key: `do ${name}`,
    group: text.commands,
    name,
    run,
    ...(icon && { icon }),
    ...(shortcut && { shortcut }),
  })
  const own = username
    ? [
        go(words.feeds.following, '/following', 'house'),
        go(words.feeds.for_you, '/for-you', 'house'),
        go(words.boards, `/u/${username}`, 'boards', 'G B'),
        go(words.yourProfile, `/u/${username}/pins`, 'person'),
        go(words.account.title, '/settings', 'settings'),
        ...(boards?.items ?? []).map(({ board, cover_urls: [cover] }) => ({
          ...go(board.name, `/board/${board.id}`, 'boards'),
          picture: cover,
        })),
      ]
    : []
  return [
    go(words.home, '/', 'house', 'G H'),
    ...own,
    go(words.developer, '/developer', 'code'),
    act(text.switchTheme, 'moon', switchTheme, 'T'),
    ...densities.map((each) => act(`${words.density}: ${words.densities[each]}`, each, () => setDensity(each))),
    ...Object.entries(languages).flatMap(([code, name]) =>
      code === language ? [] : [act(`${words.chooseLanguage}: ${name}`, 'globe', () => setLanguage(code))],
    ),
    act(words.keyboard, 'keyboard', () => void showShortcuts(), '?'),
    act(words.reference, 'book', () => location.assign('/docs')),
    username
      ? act(words.signOut, 'leave', () => void signOut().then(() => location.assign('/')))
      : act(words.signIn, 'person', () => location.assign(signInHref())),
    ...(session?.person === null && session.sign_up === 'open'
      ? [act(words.signUp, 'person', () => location.assign('/oauth/sign-up?return_to=/'))]
      : []),
  ]
}
