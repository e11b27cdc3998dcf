import type { IconName } from '../ui/icon.tsx'

/** Something to choose by keyboard or mouse: where to go, or what to do. */
export interface Choice {
  /** Unique among the choices shown together. */
  key: string
  /** The heading that it stands under. */
  group: string
  name: string
  /** What tells it apart from others of its name. */
  detail?: string
  picture?: string | undefined
  icon?: IconName
  /** The colour that it stands for, as six hexadecimal digits. */
  colour?: string
  /** The key that does the same. */
  shortcut?: string
  /** The address of the app that it leads to, … */
  href?: string
  /** …or what it does. */
  run?: () => void
}
