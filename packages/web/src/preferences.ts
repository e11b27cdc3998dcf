import { useSyncExternalStore } from 'react'

// What somebody chose for this browser. It is kept in cookies, so that the server renders it into the page: nothing
// changes its looks once it is there.

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]
export const densities = ['compact', 'regular', 'large'] as const
export type Density = (typeof densities)[number]

const root = document.documentElement
const listeners = new Set<() => void>()
const yearSeconds = 365 * 24 * 60 * 60

/** Keeps a choice for the next page. */
function keep(name: string, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is in no secure context over plain HTTP
  document.cookie = `pinfold_${name}=${value}; path=/; max-age=${yearSeconds}; samesite=lax`
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const theme = (): Theme => themes.find((each) => each === root.dataset.theme) ?? 'system'
const density = (): Density => densities.find((each) => each === root.dataset.density) ?? 'regular'

export const useTheme = (): Theme => useSyncExternalStore(subscribe, theme)
export const useDensity = (): Density => useSyncExternalStore(subscribe, density)

/** Shows the app in a theme from now on. */
export function setTheme(chosen: Theme): void {
  if (chosen === 'system') delete root.dataset.theme
  else root.dataset.theme = chosen
  keep('theme', chosen)
}

/** Switches to the theme that is not shown. */
export function switchTheme(): void {
  const isDark = theme() === 'dark' || (theme() === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  setTheme(isDark ? 'light' : 'dark')
}

/** Shows walls in a density from now on. */
export function setDensity(chosen: Density): void {
  root.dataset.density = chosen
  keep('density', chosen)
}

/** Shows the app in a language: the page is loaded anew. */
export function setLanguage(code: string): void {
  keep('language', code)
  location.reload()
}
