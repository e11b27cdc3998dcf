import { Id, Model, Nullable, StringEnum } from '../schema.ts'
import { Type } from '../type.ts'
import { accountTypes } from './account.ts'
import { Board, boardPrivacies } from './board.ts'
import { Pin } from './pin.ts'

/** The lists of Pins on the first page. */
export const feeds = ['new', 'following', 'for_you'] as const
export type Feed = (typeof feeds)[number]

const count = (description: string) => Type.Integer({ minimum: 0, description })

const examplePerson = {
  username: 'demo',
  name: 'Demo Studio',
  profile_image: 'http://127.0.0.1:4000/media/avatars/1142048512397312.png',
}

export const Person = Model(
  'Person',
  'An account, as a page names it.',
  {
    username: Type.String({ description: 'Its username.' }),
    name: Type.String({ description: 'The name of the business, or else the username.' }),
    profile_image: Type.String({ description: 'Address of the profile picture.' }),
  },
  { examples: [examplePerson] },
)

export const WebSession = Model(
  'WebSession',
  'Who is signed in, and what the server offers to whoever is not.',
  {
    person: Nullable(Person),
    sign_up: StringEnum(['open', 'closed'], { description: 'Whether strangers may make accounts.' }),
    is_demo: Type.Boolean({ description: 'Whether the data is the demo’s, whose account is open to everybody.' }),
  },
  { examples: [{ person: examplePerson, sign_up: 'open', is_demo: true }] },
)

export const Profile = Model(
  'Profile',
  'An account, as its profile shows it to whoever asks.',
  {
    ...Person.properties,
    account_type: StringEnum(accountTypes, { description: 'A person, or a business.' }),
    about: Type.String({ description: 'What the account says of itself; empty if nothing.' }),
    website_url: Type.String({ description: 'The website; empty if there is none.' }),
    board_count: count('How many of its own boards you may see, without archived ones.'),
    pin_count: count('How many Pins of it you may see. Of another account at most 10,000 are counted.'),
    follower_count: count('How many follow it.'),
    following_count: count('How many it follows.'),
    archived_board_count: count('How many of your own boards are archived; of another account none.'),
    is_you: Type.Boolean({ description: 'Whether it is your own.' }),
    is_followed: Type.Boolean({ description: 'Whether you follow it.' }),
  },
  {
    examples: [
      {
        ...examplePerson,
        account_type: 'BUSINESS',
        about: 'Pictures that were drawn by a program.',
        website_url: 'https://example.com',
        board_count: 3,
        pin_count: 26,
        follower_count: 2,
        following_count: 1,
        archived_board_count: 0,
        is_you: false,
        is_followed: true,
      },
    ],
  },
)

export const BoardView = Model(
  'BoardView',
  'A board, as a page shows it.',
  {
    board: Board,
    cover_urls: Type.Array(Type.String(), {
      description: 'Its chosen cover if it has one, then pictures of the newest Pins, four at most.',
    }),
    owner: Person,
    is_yours: Type.Boolean({ description: 'Whether the board is your own.' }),
    is_archived: Type.Boolean({ description: 'Whether it is archived: out of the lists of boards.' }),
    cover_pin_id: Nullable(Id('The Pin that was chosen as its cover, while it is on the board; null: its newest Pin.')),
  },
  {
    examples: [
      {
        board: { id: '1142048512397312', name: 'Ceramics', privacy: 'PUBLIC', pin_count: 1 },
        cover_urls: ['http://127.0.0.1:4000/media/400x300/0123456789abcdef0123456789abcdef.jpg'],
        owner: examplePerson,
        is_yours: false,
        is_archived: false,
        cover_pin_id: null,
      },
    ],
  },
)

export const SectionView = Model(
  'SectionView',
  'A section of a board, as a page shows it.',
  {
    id: Id('The section.'),
    name: Type.String({ description: 'Unique among the sections of its board.' }),
    cover_url: Nullable(Type.String({ description: 'A picture of its newest Pin; null while it is empty.' })),
    pin_count: count('How many Pins are in it.'),
  },
  {
    examples: [
      {
        id: '1142048512397440',
        name: 'Glazes',
        cover_url: 'http://127.0.0.1:4000/media/150x150/0123456789abcdef0123456789abcdef.jpg',
        pin_count: 3,
      },
    ],
  },
)

export const PinView = Model(
  'PinView',
  'A Pin with what stands around it on its page.',
  {
    pin: Pin,
    board: Nullable(
      Type.Object(
        {
          id: Id('The board.'),
          name: Type.String({ description: 'Its name.' }),
          privacy: StringEnum(boardPrivacies, { description: 'Who may see it.' }),
          cover_url: Nullable(Type.String({ description: 'A picture of its newest Pin.' })),
        },
        { description: 'The board that it is on; null if it is yours, and you may not see the board any more.' },
      ),
    ),
    section: Nullable(
      Type.Object(
        { id: Id('The section.'), name: Type.String({ description: 'Its name.' }) },
        { description: 'The section that it is in.' },
      ),
    ),
    owner: Person,
    colors: Type.Array(
      Type.Object({
        color: Type.String({ pattern: '^#[\\da-f]{6}$', description: 'As `#rrggbb`.' }),
        share: Type.Integer({ minimum: 1, maximum: 100, description: 'How much of the picture has it, in percent.' }),
      }),
      {
        description:
          'The main colours of its picture, what stands out first, five at most; none while nobody has looked at a picture ' +
          'that an older version of the server stored.',
      },
    ),
    saved_by: Type.Object(
      {
        people: Type.Array(Person, { description: 'Those who saved it last to a public board, three at most.' }),
        count: count('How many people saved it to a public board, as far as its last 100 saves tell.'),
      },
      { description: 'Who saved it.' },
    ),
  },
  {
    examples: [
      {
        pin: { id: '1142048512397440', title: 'Salt-glazed cup', dominant_color: '#6e7874' },
        board: { id: '1142048512397312', name: 'Ceramics', privacy: 'PUBLIC', cover_url: null },
        section: null,
        owner: examplePerson,
        colors: [{ color: '#6e7874', share: 58 }],
        saved_by: { people: [], count: 0 },
      },
    ],
  },
)
