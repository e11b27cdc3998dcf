import { picturesInJson } from './json-ld.ts'
import { readTags } from './page-tags.ts'
import { readSrcset } from './srcset.ts'

/** A picture of a page; sizes in pixels, as far as the page tells them. */
export interface PagePicture {
  url: string
  width: number | null
  height: number | null
  /** The picture in words; empty if the page has none. */
  alt: string
}

/** What a page tells of itself. */
export interface PageContent {
  /** At most 100 characters; may be empty. */
  title: string
  /** At most 800 characters; may be empty. */
  description: string
  /** The address that the page goes by. */
  link: string
  /** At most 60: first those by which it shows itself elsewhere, then the others, the largest first. */
  pictures: PagePicture[]
}

const mostPictures = 60
/** More are not looked at. */
const mostFound = 1000
const mostAddress = 2048
/** Icons, and what counts visitors. */
const smallestSide = 80
/** Where pages that load their pictures late keep the addresses. */
const lateSources = ['data-src', 'data-original', 'data-lazy-src']
const lateSets = ['data-srcset', 'data-lazy-srcset']

type Attributes = ReadonlyMap<string, string>

/** Reads what a page tells of itself, and its pictures; `address`: where it is from. */
export async function findPictures(html: string, address: URL): Promise<PageContent> {
  const told = new Map<string, string>()
  const shown: PagePicture[] = []
  const others: PagePicture[] = []
  let base = address
  let heading = ''
  let canonical: string | undefined

  const add = (list: PagePicture[], source: string | undefined, picture: Partial<PagePicture> = {}) => {
    const url = pictureAddress(source, base)
    if (url === undefined || list.length >= mostFound) return undefined
    const found = { url, width: null, height: null, alt: '', ...picture }
    list.push(found)
    return found
  }
  let last: PagePicture | undefined
  const meta = (attributes: Attributes) => {
    const name = (attributes.get('property') ?? attributes.get('name') ?? '').trim().toLowerCase()
    const content = attributes.get('content')?.trim() ?? ''
    if (/^(og:image(:url|:secure_url)?|twitter:image(:src)?)$/.test(name)) last = add(shown, content) ?? last
    // What follows a picture tells of it.
    else if (last && /^og:image:(width|height)$/.test(name))
      last[name.endsWith('width') ? 'width' : 'height'] = pixels(content)
    else if (last && /^(og|twitter):image:alt$/.test(name)) last.alt = oneLine(content, 500)
    else if (content !== '' && !told.has(name) && told.size < mostFound) told.set(name, content)
  }
  const link = (attributes: Attributes) => {
    const relations = attributes.get('rel')?.toLowerCase().split(/\s+/) ?? []
    if (relations.includes('canonical')) canonical ??= webAddress(attributes.get('href'), base)
    if (relations.includes('image_src')) add(shown, attributes.get('href'))
  }
  const picture = (attributes: Attributes) => {
    const size = { width: pixels(attributes.get('width')), height: pixels(attributes.get('height')) }
    const alt = oneLine(attributes.get('alt') ?? '', 500)
    const largest = largestOf(firstOf(attributes, ['srcset', ...lateSets]), size)
    if (largest) add(others, largest.address, { ...largest.size, alt })
    else add(others, firstOf(attributes, [...lateSources, 'src']), { ...size, alt })
  }

  await readTags(html, {
    element(name, attributes) {
      if (name === 'base') base = URL.parse(attributes.get('href') ?? '', address) ?? base
      else if (name === 'meta') meta(attributes)
      else if (name === 'link') link(attributes)
      else if (name === 'img' || (name === 'source' && attributes.has('srcset'))) picture(attributes)
    },
    text(element, content) {
      if (element === 'title') heading ||= content
      else for (const { address: told, ...size } of picturesInJson(content)) add(shown, told, size)
    },
  })

  const tell = (...names: string[]) => names.map((name) => told.get(name)).find((content) => content) ?? ''
  return {
    title: oneLine(tell('og:title', 'twitter:title') || heading, 100),
    description: oneLine(tell('og:description', 'twitter:description', 'description'), 800),
    link: canonical ?? webAddress(told.get('og:url'), base) ?? address.href,
    pictures: inOrder(shown, others),
  }
}

/** Puts pictures in their order, each once, without those that are too small. */
function inOrder(shown: readonly PagePicture[], others: readonly PagePicture[]): PagePicture[] {
  const area = ({ width, height }: PagePicture) => (width ?? 0) * (height ?? width ?? 0)
  const byUrl = new Map<string, PagePicture>()
  for (const found of [...shown, ...others.toSorted((a, b) => area(b) - area(a))]) {
    const { width, height, alt } = byUrl.get(found.url) ?? found
    const merged = { ...found, width: width ?? found.width, height: height ?? found.height, alt: alt || found.alt }
    byUrl.set(found.url, merged)
  }
  const isLarge = ({ width, height }: PagePicture) =>
    (width ?? smallestSide) >= smallestSide && (height ?? smallestSide) >= smallestSide
  return [...byUrl.values()].filter(isLarge).slice(0, mostPictures)
}

/** Returns the largest picture of a `srcset`, with its size if that can be told. */
function largestOf(srcset: string | undefined, { width, height }: { width: number | null; height: number | null }) {
  if (srcset === undefined) return undefined
  const size = (candidate: { width: number | null; density: number }) => candidate.width ?? candidate.density
  const [largest] = readSrcset(srcset).toSorted((a, b) => size(b) - size(a))
  if (!largest) return undefined
  const across = largest.width ?? (width && Math.round(width * largest.density))
  const down = across && width && height ? Math.round((across / width) * height) : null
  return { address: largest.address, size: { width: across, height: down } }
}

const firstOf = (attributes: Attributes, names: readonly string[]): string | undefined =>
  names.map((name) => attributes.get(name)?.trim()).find((value) => value)

/** Returns an http or https address that a Pin can have; undefined for any other. */
function webAddress(text: string | undefined, base: URL): string | undefined {
  const url = text?.trim() ? URL.parse(text.trim(), base) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return undefined
  return url.href.length <= mostAddress ? url.href : undefined
}

/** Returns the address of a picture; undefined for a drawing (SVG), which cannot be pinned. */
function pictureAddress(text: string | undefined, base: URL): string | undefined {
  const href = webAddress(text, base)
  if (href === undefined) return undefined
  const url = new URL(href)
  url.hash = ''
  return url.pathname.toLowerCase().endsWith('.svg') ? undefined : url.href
}

function pixels(text: string | undefined): number | null {
  const number = Number.parseInt(text ?? '', 10)
  return number > 0 && number < 100_000 && !text?.includes('%') ? number : null
}

/** Puts a text on one line, of at most so many characters. */
function oneLine(text: string, most: number): string {
  const line = text
    .slice(0, most * 10)
    .replace(/\s+/g, ' ')
    .trim()
  if (line.length <= most) return line
  const cut = line.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')
  return `${cut}…`
}
