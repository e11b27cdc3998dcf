import { hostOf } from '../../packages/server/src/core/host-of.ts'
import { random } from '../processes/random.ts'
import { someWords } from '../processes/words.ts'
import { chance } from './chance.ts'
import { purpose } from './world.ts'

/** The words of Pins, as long as people's are: see `keptShare`. */
export interface Texts {
  title(pin: number): string | null
  description(pin: number): string | null
  altText(pin: number): string | null
  /** A link to a shop, or to the website that the demo's account has claimed, and its host. */
  link(pin: number, isOwn: boolean): { link: string | null; host: string | null }
}

const pool = 8192
/** The site of the demo's account. */
const ownSite = 'example.com'
const shops = 500
/** So many Pins have one of each. */
const keptShare = { title: 0.9, description: 0.5, altText: 0.3, link: 0.7, ownLink: 0.3 }

export function textsOf(seed: number): Texts {
  const next = random(seed)
  const texts = (least: number, most: number) =>
    Array.from({ length: pool }, () => {
      const words = someWords(least + Math.floor(next() * (most - least + 1)), next)
      return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
    })
  const [titles, descriptions, altTexts] = [texts(2, 5), texts(4, 14), texts(4, 8)]
  const hosts = Array.from({ length: shops }, (_, i) => `www.shop-${i}.example`)
  const keys = hosts.map((host) => hostOf(`https://${host}/`) ?? null)
  const some = (from: readonly string[], share: number, pin: number, what: number) => {
    const one = chance(seed, pin, purpose.words + what)
    return one < share ? (from[Math.floor((one / share) * pool)] ?? null) : null
  }
  return {
    title: (pin) => some(titles, keptShare.title, pin, 0),
    description: (pin) => some(descriptions, keptShare.description, pin, 1),
    altText: (pin) => some(altTexts, keptShare.altText, pin, 2),
    link(pin, isOwn) {
      const one = chance(seed, pin, purpose.link)
      if (isOwn && one < keptShare.ownLink) return { link: `https://${ownSite}/things/${pin}`, host: ownSite }
      if (one >= keptShare.link) return { link: null, host: null }
      const shop = Math.floor(chance(seed, pin, purpose.link + 1) * shops)
      return { link: `https://${hosts[shop]}/things/${pin}`, host: keys[shop] ?? null }
    },
  }
}
