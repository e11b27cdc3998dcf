import { Model, Nullable } from '../schema.ts'
import { Type } from '../type.ts'
import { PinMedia } from './pin.ts'

/** Longer than any title. */
const maxQueryLength = 500

export const wordsQuery = (description: string) =>
  Type.String({ maxLength: maxQueryLength, description, examples: ['salt glazed cup'] })

export const SummaryPin = Model(
  'SummaryPin',
  'A Pin as a search over everybody’s Pins shows it.',
  {
    id: Type.Optional(Type.String({ description: 'The Pin.', examples: ['1142048512397440'] })),
    title: Type.Optional(Nullable(Type.String({ description: 'The title.' }))),
    description: Type.Optional(Nullable(Type.String({ description: 'The description.' }))),
    alt_text: Type.Optional(
      Nullable(Type.String({ maxLength: 500, description: 'The picture in words, for who cannot see it.' })),
    ),
    link: Type.Optional(Nullable(Type.String({ maxLength: 2048, description: 'The web page that it leads to.' }))),
    media: Type.Optional(PinMedia),
  },
  {
    examples: [
      {
        id: '1142048512397440',
        title: 'Salt-glazed cup',
        description: 'From the second firing.',
        alt_text: 'A grey cup on a wooden table',
        link: 'https://example.com/cups',
        media: { media_type: 'image' },
      },
    ],
  },
)

/** The two-letter country codes of ISO 3166-1. */
export const countryCodeQuery = Type.String({
  pattern: '^[A-Z]{2}$',
  description: 'The country to search for, as two letters. Pins here belong to no country: every one gives the same.',
  examples: ['US'],
})
