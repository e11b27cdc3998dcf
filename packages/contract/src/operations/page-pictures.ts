import { FoundPage } from '../models/page-pictures.ts'
import { operation } from '../operation.ts'
import { Type } from '../type.ts'

/** Pictures of the web, for somebody who wants to pin them. */
export const pagePictures = {
  /** Looks at an address: for the title, the description and the pictures of a page. */
  look: operation({
    id: 'web/look_at_page',
    root: '/_pinfold',
    method: 'POST',
    path: '/web/pages',
    tag: 'web',
    summary: 'Look at a page of the web',
    description:
      'Fetches what is at an address, and returns what the page says of itself, and its pictures. Of a page the first ' +
      '2 MB are read, in at most 10 seconds. Only for somebody who is signed in in a browser: no token of an app is accepted.',
    auth: { by: 'token', scopes: ['pins:read', 'pins:write'], clientCredentials: false },
    sessionOnly: true,
    category: 'org_write',
    body: {
      type: 'json',
      schema: Type.Object(
        { url: Type.String({ minLength: 1, maxLength: 2048, description: 'An http or https address.' }) },
        { additionalProperties: false, examples: [{ url: 'https://example.com/cups' }] },
      ),
    },
    success: { status: 200, description: 'What is there.', schema: FoundPage },
    errors: { forbidden: {}, imageUnreachable: {}, imageInvalid: {} },
  }),
} as const
