import { Link } from 'wouter'
import { signOut } from '../api/call.ts'
import type { Person } from '../api/calls.ts'
import { setLanguage, setTheme, type Theme, themes, useTheme } from '../preferences.ts'
import { DensityChoice } from '../ui/density-choice.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import { Menu } from '../ui/menu.tsx'
import { Segment } from '../ui/segment.tsx'
import { language, languages, words } from '../words/index.ts'
import { showShortcuts } from './shortcuts.tsx'

const themeIcons: Record<Theme, IconName> = { system: 'monitor', light: 'sun', dark: 'moon' }

/** Closes the menu that an element is in. */
const closeMenu = (element: Element) => element.closest<HTMLElement>('[popover]')?.hidePopover()

/** The menu of somebody who is signed in: their profile, how the app looks, and the way out. */
export function AccountMenu({ person }: { person: Person }) {
  return (
    <Menu
      label={words.accountMenu(person.name)}
      buttonClass="avatar-button"
      button={<img className="avatar" src={person.profile_image} width={36} height={36} alt="" />}
    >
      <Link href={`/u/${person.username}`} className="row" onClick={(event) => closeMenu(event.currentTarget)}>
        <Icon name="person" />
        {words.yourProfile}
      </Link>
      <Link href="/trash" className="row" onClick={(event) => closeMenu(event.currentTarget)}>
        <Icon name="trash" />
        {words.pinning.trash}
      </Link>
      <Link href="/settings" className="row" onClick={(event) => closeMenu(event.currentTarget)}>
        <Icon name="settings" />
        {words.account.title}
      </Link>
      <hr />
      <Looks />
      <hr />
      <button
        type="button"
        className="row"
        onClick={async () => {
          await signOut()
          location.assign('/')
        }}
      >
        <Icon name="leave" />
        {words.signOut}
      </button>
    </Menu>
  )
}

/** The menu of a visitor: how the app looks. */
export function VisitorMenu() {
  return (
    <Menu label={words.theme} buttonClass="btn quiet icon" button={<Icon name={themeIcons[useTheme()]} />}>
      <Looks />
    </Menu>
  )
}

/** How the app looks, and where more is to be read. */
function Looks() {
  const theme = useTheme()
  return (
    <>
      <div className="grid gap-2 p-1">
        <DensityChoice />
        <Segment
          label={words.theme}
          value={theme}
          onChange={setTheme}
          options={themes.map((value) => ({
            value,
            name: words.themes[value],
            icon: <Icon name={themeIcons[value]} />,
          }))}
        />
      </div>
      <div className="row" lang={language}>
        <label className="flex-1" htmlFor="language">
          {words.chooseLanguage}
        </label>
        <select id="language" className="select" value={language} onChange={(event) => setLanguage(event.target.value)}>
          {Object.entries(languages).map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <button
        type="button"
        className="row"
        onClick={(event) => {
          closeMenu(event.currentTarget)
          showShortcuts()
        }}
      >
        <Icon name="keyboard" />
        {words.keyboard}
      </button>
      <Link href="/developer" className="row" onClick={(event) => closeMenu(event.currentTarget)}>
        <Icon name="code" />
        {words.developer}
      </Link>
      <a className="row" href="/docs/">
        <Icon name="book" />
        {words.reference}
      </a>
    </>
  )
}
