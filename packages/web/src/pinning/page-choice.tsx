import type { FoundPicture } from '../api/calls.ts'
import { Icon } from '../ui/icon.tsx'
import { words, writeNumber } from '../words/index.ts'
import { choose, chosenOf, openPage } from './look.ts'
import { usePreview } from './preview.ts'
import type { ChoicePage, Item } from './queue.ts'

const text = words.pinning

export interface PageChoiceProps {
  page: ChoicePage
  items: readonly Item[]
}

/** The pictures of a page of the web: each one that is chosen has a row among the Pins to make. */
export function PageChoice({ page, items }: PageChoiceProps) {
  const { pictures } = page
  const name = page.words.title || (URL.parse(page.words.link)?.host ?? page.words.link)
  const all = new Set(pictures.map(({ url }) => url))
  const areAll = pictures.every(({ url }) => chosenOf(items, page, url))
  const title = text.picturesOn(pictures.length, name)
  return (
    <section className="page-choice" aria-label={title}>
      <header className="flex flex-wrap items-center gap-2">
        <h2 className="min-w-0 flex-1 text-16">
          <bdi>{title}</bdi>
          <span className="text-13 text-soft block">{text.chooseSome}</span>
        </h2>
        <button type="button" className="btn quiet small" onClick={() => choose(page, all, !areAll)}>
          {areAll ? text.chooseNone : text.chooseAll}
        </button>
        <button
          type="button"
          className="btn quiet icon"
          aria-label={text.closePictures(name)}
          onClick={() => openPage(page.id, false)}
        >
          <Icon name="close" />
        </button>
      </header>
      <ul>
        {pictures.map((picture, index) => (
          <li key={picture.url}>
            <Choice picture={picture} page={page} item={chosenOf(items, page, picture.url)} index={index} />
          </li>
        ))}
      </ul>
    </section>
  )
}

interface ChoiceProps {
  picture: FoundPicture
  page: ChoicePage
  item: Item | undefined
  index: number
}

function Choice({ picture, page, item, index }: ChoiceProps) {
  const { src, isMissing, ...known } = usePreview(picture.preview_url)
  const [width, height] = [known.width ?? picture.width, known.height ?? picture.height]
  const isBusy = item?.state === 'waiting' || item?.state === 'sending'
  return (
    <button
      type="button"
      className="page-picture"
      aria-pressed={item !== undefined}
      disabled={isBusy}
      onClick={() => choose(page, new Set([picture.url]), item === undefined)}
    >
      <span className="frame" aria-busy={!src && !isMissing}>
        {src ? <img src={src} alt="" decoding="async" /> : isMissing && <Icon name="alert" />}
        <span className="sr-only">{picture.alt || text.pictureNumber(index + 1)}</span>
        <span className="tick-box">{item && <Icon name="check" size={16} />}</span>
      </span>
      <span className="text-13 text-soft">
        {isMissing ? text.noPreview : width && height ? `${writeNumber(width)} × ${writeNumber(height)}` : '\u00a0'}
      </span>
    </button>
  )
}
