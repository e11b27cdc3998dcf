import { Model, Nullable } from '../schema.ts'
import { Type } from '../type.ts'

const pixels = (description: string) => Nullable(Type.Integer({ minimum: 1, description }))

export const PagePicture = Model(
  'PagePicture',
  'A picture that is on a page of the web.',
  {
    url: Type.String({ description: 'Its address: an http or https one.' }),
    width: pixels('Its width as far as the page tells it.'),
    height: pixels('Its height as far as the page tells it.'),
    alt: Type.String({ description: 'What the page says is on it; may be empty.' }),
    preview_url: Type.String({
      description: 'Address of a small JPEG of it, on this server. It is for the browser that asked, for an hour.',
    }),
  },
  {
    examples: [
      {
        url: 'https://example.com/cup.jpg',
        width: 1000,
        height: 1500,
        alt: 'A salt-glazed cup',
        preview_url: '/_pinfold/web/previews?of=WzEs',
      },
    ],
  },
)

export const FoundPage = Model(
  'FoundPage',
  'What is at an address of the web.',
  {
    is_picture: Type.Boolean({ description: 'Whether the address is a picture’s own. Then that is its one picture.' }),
    title: Type.String({ description: 'The title of the page, at most 100 characters; may be empty.' }),
    description: Type.String({ description: 'What it says of itself, at most 800 characters; may be empty.' }),
    link: Type.String({ description: 'The address that the page goes by; empty for a picture.' }),
    pictures: Type.Array(PagePicture, {
      description: 'At most 60: first those by which the page shows itself elsewhere, then the others, largest first.',
    }),
  },
  {
    examples: [
      {
        is_picture: false,
        title: 'Cups and bowls',
        description: 'What came out of the kiln.',
        link: 'https://example.com/cups',
        pictures: [],
      },
    ],
  },
)
