/**
 * Characters that people do not see but models read: controls but for the line feed and the tab, marks that turn the
 * direction, and the tags of U+E0000, in which whole sentences can hide. What joins letters and emoji stays.
 */
const unseen = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** Returns the text of people without what nobody would see. */
export const clean = (text: string): string => text.replace(unseen, '')

/** Returns the beginning of a text: at most `length` characters, with an ellipsis if there was more. */
export function shortened(text: string, length: number): string {
  const cleaned = clean(text)
  return cleaned.length <= length ? cleaned : `${cleaned.slice(0, length - 1).toWellFormed()}…`
}
