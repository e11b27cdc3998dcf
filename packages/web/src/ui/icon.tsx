/** The paths of the icons, drawn on 24 × 24. */
const paths = {
  back: 'M19 12H5m6-6-6 6 6 6',
  next: 'm9 6 6 6-6 6',
  down: 'm6 9 6 6 6-6',
  toEnd: 'm6 6 6 6 6-6M6 18h12',
  arrange: 'M8 4v16m-4-4 4 4 4-4M14 6h6m-6 5h5m-5 5h3',
  archive: 'M4.5 4.5h15v4h-15ZM6 8.500v10a1 1 0 0 0 1 1h10a1 1 0 0 0 1-1v-10M10 12h4',
  merge: 'M6 4v3a5 5 0 0 0 5 5h7M6 20v-3a5 5 0 0 1 5-5m3.500-4 4 4-4 4',
  plus: 'M12 5v14M5 12h14',
  pencil: 'm4.5 19.5 1-4L16 5a2.1 2.1 0 0 1 3 3L8.500 18.500Z',
  upload: 'M7 18a4 4 0 0 1-.6-8A5.500 5.500 0 0 1 17 8.700 4.200 4.200 0 0 1 17.500 18M12 20v-8m-3 3 3-3 3 3',
  move: 'M3.500 18.500v-12a1 1 0 0 1 1-1h4.500l2 2.500h8.500a1 1 0 0 1 1 1v9.500a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1ZM9 13.500h6m-2.500-2.500 2.500 2.500-2.500 2.500',
  trash: 'M4.500 7h15M9.500 7V4.500h5V7M6.500 7l.8 12.500h9.400L17.500 7',
  more: 'M5.500 12h.010M12 12h.010M18.500 12h.010',
  close: 'm6 6 12 12M18 6 6 18',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  lock: 'M7 11V8a5 5 0 0 1 10 0v3M5.5 11h13a1 1 0 0 1 1 1v7.5a1 1 0 0 1-1 1h-13a1 1 0 0 1-1-1V12a1 1 0 0 1 1-1Z',
  globe:
    'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Zm-8.5 8.5h17M12 3.5c2.4 2.4 3.6 5.2 3.6 8.5s-1.2 6.1-3.6 8.5c-2.4-2.4-3.6-5.2-3.6-8.5S9.6 5.9 12 3.5Z',
  link: 'M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7l-1.2 1.2M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.2-1.2',
  out: 'M7.5 16.5 16.5 7.5M8.5 7.5h8v8',
  full: 'M14.5 4.5h5v5m0-5-6 6m-4 9h-5v-5m0 5 6-6',
  play: 'M7.5 5.5v13l11-6.5Z',
  pause: 'M8 5.500v13M16 5.500v13',
  sound: 'M4.500 9.500v5h3.500l4.500 4v-13l-4.500 4ZM16 9a4 4 0 0 1 0 6m2.500-8.500a7.500 7.500 0 0 1 0 11',
  silent: 'M4.500 9.500v5h3.500l4.500 4v-13l-4.500 4Zm11.500 0 5 5m0-5-5 5',
  pictures:
    'M8 4.5h10.5a1.5 1.5 0 0 1 1.5 1.5v10M5.5 8h9.5a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5h-9.5a1.5 1.5 0 0 1-1.5-1.5v-9a1.5 1.5 0 0 1 1.5-1.5Z',
  follow: 'M10 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM3.5 20a6.5 6.5 0 0 1 13 0M19 8v6m-3-3h6',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Zm0-5v1.5m0 15V21m9-9h-1.5m-15 0H3m15.4-6.4-1.1 1.1M6.7 17.3l-1.1 1.1m12.8 0-1.1-1.1M6.7 6.7 5.6 5.6',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z',
  monitor: 'M4.5 4.5h15a1 1 0 0 1 1 1v9.5a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1V5.5a1 1 0 0 1 1-1ZM8.5 20h7m-3.5-4v4',
  keyboard:
    'M4.5 6h15A1.5 1.5 0 0 1 21 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 16.5v-9A1.5 1.5 0 0 1 4.5 6ZM7 10h.010M11 10h.010M15 10h.010M17.5 10h.010M8 14h8',
  leave: 'M10 4.5H5.5a1 1 0 0 0-1 1v13a1 1 0 0 0 1 1H10m5.5-3.5 4-4-4-4m4 4H10',
  house: 'm4 11 8-7 8 7v8.5a1 1 0 0 1-1 1h-4.5v-6h-5v6H5a1 1 0 0 1-1-1Z',
  boards: 'M4.5 4.5h6v9h-6Zm9 0h6v5h-6Zm0 8h6v7h-6Zm-9 4h6v3h-6Z',
  book: 'M12 6.5C10.5 5.2 8 4.5 4 4.5v13.5c4 0 6.5.7 8 2m0-13.5c1.5-1.3 4-2 8-2v13.5c-4 0-6.5.7-8 2m0-13.5V20',
  person: 'M12 11.5a3.750 3.750 0 1 0 0-7.5 3.750 3.750 0 0 0 0 7.5ZM4.5 20.5a7.5 7.5 0 0 1 15 0',
  alert: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Zm0 4.5v5m0 3h.010',
  offline:
    'M3 3l18 18M5 12.5a10 10 0 0 1 4-2.4m6 0a10 10 0 0 1 4 2.4M2 9a14.5 14.5 0 0 1 4-2.7m4-1.3a14.5 14.5 0 0 1 12 4M8.5 16a5 5 0 0 1 7 0M12 19.5h.010',
  again: 'M20 11a8 8 0 0 0-14-4.5L4 8.5m0-4v4h4M4 13a8 8 0 0 0 14 4.5l2-2m0 4v-4h-4',
  compact:
    'M4 4h4v4H4Zm6 0h4v4h-4Zm6 0h4v4h-4ZM4 10h4v4H4Zm6 0h4v4h-4Zm6 0h4v4h-4ZM4 16h4v4H4Zm6 0h4v4h-4Zm6 0h4v4h-4Z',
  regular: 'M4.5 4.5h6v6h-6Zm9 0h6v6h-6Zm-9 9h6v6h-6Zm9 0h6v6h-6Z',
  large: 'M5 5h14v14H5Z',
  feed: 'M5 5a14 14 0 0 1 14 14M5 11a8 8 0 0 1 8 8m-7-1.5h.010',
  settings:
    'M4 7h9m5 0h2M4 17h2m5 0h9M15.500 4.5a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5Zm-7 10a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5Z',
  palette:
    'M12 3.5a8.5 8.5 0 0 0 0 17c1.2 0 1.800-.8 1.800-1.700 0-1.200-1-1.300-1-2.400 0-.9.7-1.500 1.700-1.500h2a4 4 0 0 0 4-4c0-4.200-3.800-7.400-8.500-7.400ZM7.500 12h.010M9.500 8h.010M14.500 8h.010',
  pipette: 'm12.500 7.500 4 4m-3-5 2-2a2.100 2.100 0 0 1 3 0l1 1a2.100 2.100 0 0 1 0 3l-2 2-5-5ZM12 9l-7 7v3h3l7-7',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm4.7 11.2 5.3 5.3',
  zoomIn: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm4.7 11.2 5.3 5.3M8 10.5h5M10.5 8v5',
  zoomOut: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm4.7 11.2 5.3 5.3M8 10.5h5',
} as const

export type IconName = keyof typeof paths

export interface IconProps {
  name: IconName
  /** The side in pixels: 20 in buttons, 16 in text. */
  size?: 16 | 20
  /** Whether it points somewhere, and is mirrored where text runs to the left. */
  flips?: boolean
}

/** An icon beside words, or within a control that has a name. */
export function Icon({ name, size = 20, flips = false }: IconProps) {
  return (
    <svg
      className={flips ? 'flip flex-none' : 'flex-none'}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={size === 16 ? 2 : 1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  )
}
