import { Id, Model, StringEnum, Timestamp } from '../schema.ts'
import { Type } from '../type.ts'
import { accountTypes } from './account.ts'

/** The longest texts of a profile, in characters. */
const longest = { name: 100, about: 500, websiteUrl: 2048 }

export const AccountSettings = Model(
  'AccountSettings',
  'What somebody can change about their account.',
  {
    username: Type.String({ description: 'The username, which stays.' }),
    account_type: StringEnum(accountTypes, { description: 'A person, or a business.' }),
    name: Type.String({ description: 'The name of the business; empty for a person, whose name is the username.' }),
    about: Type.String({ description: 'What the account says of itself; empty if nothing.' }),
    website_url: Type.String({ description: 'The website; empty if there is none.' }),
    profile_image: Type.String({ description: 'Address of the profile picture.' }),
    has_picture: Type.Boolean({ description: 'Whether that was chosen; otherwise it is drawn.' }),
    needs_password: Type.Boolean({
      description: 'Whether ending sessions needs the password: the sign-in was longer than ten minutes ago.',
    }),
  },
  {
    examples: [
      {
        username: 'demo',
        account_type: 'BUSINESS',
        name: 'Demo Studio',
        about: 'Pictures that were drawn by a program.',
        website_url: 'https://example.com',
        profile_image: 'http://127.0.0.1:4000/media/avatars/1142048512397312.png',
        has_picture: false,
        needs_password: false,
      },
    ],
  },
)

export const AccountChange = Model(
  'AccountChange',
  'What is to change; what is left out stays.',
  {
    account_type: Type.Optional(StringEnum(accountTypes, { description: 'A person, or a business.' })),
    name: Type.Optional(
      Type.String({ maxLength: longest.name, description: 'The name of the business; the username if empty.' }),
    ),
    about: Type.Optional(Type.String({ maxLength: longest.about, description: 'What the account says of itself.' })),
    website_url: Type.Optional(
      Type.String({ maxLength: longest.websiteUrl, description: 'A web address, or empty for none.' }),
    ),
  },
  { additionalProperties: false, examples: [{ about: 'Cups and bowls.', website_url: 'https://example.com' }] },
)

const pixels = (minimum: number, description: string) => Type.Integer({ minimum, maximum: 30_000, description })

/** The longest body with a profile picture of 20 MB. */
export const profilePictureMaxBytes = 30_000_000

export const ProfilePicture = Model(
  'ProfilePicture',
  'A picture for an account.',
  {
    data: Type.String({ minLength: 1, description: 'A JPEG, PNG, GIF, WebP or AVIF of at most 20 MB, in base64.' }),
    crop: Type.Optional(
      Type.Object(
        {
          left: pixels(0, 'How many are left of it.'),
          top: pixels(0, 'How many are above it.'),
          side: pixels(1, 'Its width and height.'),
        },
        {
          additionalProperties: false,
          description: 'The square of it that is shown, in pixels of the picture as it is seen. Default: its middle.',
        },
      ),
    ),
  },
  {
    additionalProperties: false,
    examples: [
      {
        data: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
        crop: { left: 0, top: 0, side: 1 },
      },
    ],
  },
)

export const currentPassword = Type.String({ maxLength: 200, description: 'The password that is valid now.' })

export const BrowserSession = Model(
  'BrowserSession',
  'A browser in which somebody is signed in.',
  {
    id: Type.String({ description: 'Names the session; it is not its secret.' }),
    user_agent: Type.String({ description: 'What the browser said of itself when it signed in; may be empty.' }),
    created_at: Timestamp('When it signed in.'),
    is_this: Type.Boolean({ description: 'Whether it is the one that asks.' }),
  },
  {
    examples: [{ id: 'Zk3hW0mPq7sT1xYb', user_agent: 'Mozilla/5.0', created_at: '2026-03-14T09:26:53', is_this: true }],
  },
)

export const ConnectedApp = Model(
  'ConnectedApp',
  'An app that may act for the account.',
  {
    id: Id('The app.'),
    name: Type.String({ description: 'What people call it.' }),
    scopes: Type.Array(Type.String(), { description: 'What it may do.' }),
    connected_at: Timestamp('When it got the oldest of its valid tokens.'),
  },
  {
    examples: [{ id: '1234567', name: 'Demo app', scopes: ['boards:read'], connected_at: '2026-03-14T09:26:53' }],
  },
)
