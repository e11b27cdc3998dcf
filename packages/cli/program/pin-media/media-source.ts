import { extname } from 'node:path'

/** The source of a picture: a file, or an address that the service fetches it from. */
export type MediaSource = { file: string } | { url: string }

/** The cover of a video: a picture, or the frame at a second. */
export type Cover = MediaSource | { second: number }

const videoEndings = new Set(['.mp4', '.mov', '.m4v'])

/** Returns whether a file is a video, by its name. */
export const isVideoName = (path: string): boolean => videoEndings.has(extname(path).toLowerCase())

export const isAddress = (text: string): boolean => /^https?:\/\//i.test(text)

/** Reads a picture's source; `toPath` makes a path of a text that is not an address. */
export const parseMediaSource = (text: string, toPath: (text: string) => string): MediaSource =>
  isAddress(text) ? { url: text } : { file: toPath(text) }

/** Reads a cover: whole seconds (`12`), a time (`1:05`), a file or an address. */
export function parseCover(text: string, toPath: (text: string) => string): Cover {
  if (!/^(\d+:){0,2}\d+$/.test(text)) return parseMediaSource(text, toPath)
  return { second: text.split(':').reduce((total, part) => total * 60 + Number(part), 0) }
}
