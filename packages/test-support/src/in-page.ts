import type { Page } from 'playwright-core'

/** Measures in the page: a function without imports, as text, because the types here are those of Node. */
const measure = String.raw`(() => {
  const parse = (color) => {
    const [r, g, b, a = 1] = (color.match(/[\d.]+/g) ?? []).map(Number)
    return { r, g, b, a }
  }
  const over = (top, below) => ({
    r: top.r * top.a + below.r * (1 - top.a),
    g: top.g * top.a + below.g * (1 - top.a),
    b: top.b * top.a + below.b * (1 - top.a),
    a: 1,
  })
  const backgroundOf = (element) => {
    if (!element) return { r: 255, g: 255, b: 255, a: 1 }
    const own = parse(getComputedStyle(element).backgroundColor)
    return own.a === 1 ? own : over(own, backgroundOf(element.parentElement))
  }
  const luminance = ({ r, g, b }) => {
    const [lr, lg, lb] = [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    return 0.2126 * lr + 0.7152 * lg + 0.0722 * lb
  }
  const contrast = (one, two) => {
    const [dark, light] = [luminance(one), luminance(two)].sort((a, b) => a - b)
    return (light + 0.05) / (dark + 0.05)
  }
  const name = (element) => '<' + element.tagName.toLowerCase() + '> ' + (element.value || element.textContent || element.name || '').trim().slice(0, 40)
  const problems = []
  for (const element of document.querySelectorAll('body *')) {
    const style = getComputedStyle(element)
    const box = element.getBoundingClientRect()
    if (box.width === 0 || box.height === 0 || style.visibility === 'hidden') continue
    const isControl = ['INPUT', 'SELECT', 'BUTTON'].includes(element.tagName)
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '')
    const background = backgroundOf(element)
    if (hasText || isControl) {
      const size = parseFloat(style.fontSize)
      const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
      const ratio = contrast(over(parse(style.color), background), background)
      if (ratio < (isLarge ? 3 : 4.5)) problems.push(name(element) + ': text ' + ratio.toFixed(2))
    }
    if (isControl && parseFloat(style.borderTopWidth) > 0) {
      const outside = backgroundOf(element.parentElement)
      const edge = Math.max(contrast(parse(style.borderTopColor), outside), contrast(background, outside))
      if (edge < 3) problems.push(name(element) + ': edge ' + edge.toFixed(2))
    }
    if (isControl && !element.matches('.link') && box.height < 44) problems.push(name(element) + ': only ' + box.height + ' px high')
    if (box.right > innerWidth + 0.5 || box.left < -0.5) problems.push(name(element) + ': outside the window')
  }
  if (document.documentElement.scrollWidth > innerWidth) problems.push('the page scrolls sideways')
  return { problems, seen: document.querySelectorAll('body *').length }
})()`

/**
 * Returns what is hard to see or to tap on a page: contrast below WCAG 2.2 AA (text 4.5, large text and edges of
 * controls 3), controls lower than 44 px, and anything that sticks out of the window. Empty if there is nothing.
 */
export async function visibilityProblems(page: Page): Promise<string[]> {
  const { problems, seen } = await page.evaluate<{ problems: string[]; seen: number }>(measure)
  return seen === 0 ? ['the page is empty'] : problems
}
