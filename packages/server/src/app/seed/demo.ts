import { allScopes } from '@pinfold/contract'
import { artworks } from '@pinfold/demo-pictures'
import { demoCampaigns } from './demo-ads.ts'
import { demoCredentials } from './demo-credentials.ts'
import { demoNumbers } from './demo-numbers.ts'
import { demoPicture } from './demo-picture.ts'
import type { SeedPlan } from './seed.ts'

const boards = [
  { key: 'ceramics', name: 'Ceramics & still life', description: 'Cups, bowls and quiet corners.', privacy: 'PUBLIC' },
  { key: 'rooms', name: 'Rooms', description: 'Places to sit, cook and read.', privacy: 'PUBLIC' },
  { key: 'landscapes', name: 'Landscapes', description: 'Hills, water and long light.', privacy: 'PUBLIC' },
  { key: 'studio', name: 'Studio ideas', description: 'Not ready to be seen.', privacy: 'SECRET' },
] as const

/** Somebody who follows the studio and is followed by it. Nobody signs in as them. */
const friend = { username: 'cup_collector', board: 'Favourite cups' }

/**
 * Returns the plan of the demo: a business account with four boards (one secret, one with sections), generated pictures
 * with 90 days of numbers, two campaigns with weeks of them, an account that follows it, and an app.
 */
export function demoPlan(): SeedPlan {
  const { appId, appSecret, accessToken, refreshToken, username, password } = demoCredentials
  return {
    accounts: [
      {
        username,
        password,
        accountType: 'BUSINESS',
        businessName: 'Demo Studio',
        about: 'Pictures that were drawn by a program.',
        websiteUrl: 'https://example.com',
        adCampaigns: demoCampaigns(),
        follows: {
          users: [friend.username],
          boards: [{ owner: friend.username, board: friend.board }],
          interests: ['home_decor', 'art', 'travel'],
        },
        boards: boards.map(({ key, ...board }) => ({
          ...board,
          sections: [...new Set(artworks.flatMap((art) => (art.board === key && art.section ? [art.section] : [])))],
          pins: artworks
            .filter((art) => art.board === key)
            .map((art) => ({
              name: art.title,
              title: art.title,
              description: art.description,
              alt_text: art.altText,
              link: `https://example.com/${encodeURIComponent(art.title.toLowerCase().replaceAll(/[^a-z0-9]+/gi, '-'))}`,
              ...(art.section !== undefined && { section: art.section }),
              picture: () => demoPicture(art),
              // Nobody else has seen the Pins of a secret board.
              ...(board.privacy !== 'SECRET' && {
                numbers: demoNumbers(artworks.indexOf(art)),
              }),
            })),
        })),
      },
      {
        username: friend.username,
        password: null,
        accountType: 'PINNER',
        about: 'Looks at what the studio makes.',
        boards: [{ name: friend.board, description: 'To drink from.', privacy: 'PUBLIC', sections: [], pins: [] }],
        follows: { users: [username], boards: [{ owner: username, board: boards[0].name }], interests: ['art'] },
      },
    ],
    apps: [
      {
        id: appId,
        secret: appSecret,
        name: 'Demo app',
        owner: username,
        tier: 'standard',
        redirectUris: [],
        loopbackRedirects: true,
      },
    ],
    tokens: [{ app: appId, account: username, scopes: allScopes, accessToken, refreshToken }],
  }
}
