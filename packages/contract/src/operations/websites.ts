import { Website, WebsiteClaim, WebsiteCodes } from '../models/website.ts'
import { operation } from '../operation.ts'
import { adAccountQuery, PageOf, pageQuery } from '../schema.ts'
import { Type } from '../type.ts'

export const websites = {
  /** The websites that the account has claimed. */
  list: operation({
    id: 'user_websites/get',
    method: 'GET',
    path: '/user_account/websites',
    tag: 'user_account',
    summary: 'List websites',
    description: 'The websites that the account has claimed, newest first.',
    auth: { by: 'token', scopes: ['user_accounts:read'], clientCredentials: false },
    category: 'org_read',
    query: Type.Object(pageQuery),
    success: {
      status: 200,
      description: 'A page of websites.',
      schema: PageOf(Website, 'The websites, newest first.'),
    },
    errors: { forbidden: { code: 403 } },
  }),
  /** Claims a website: looks for the account's code there. */
  claim: operation({
    id: 'verify_website/update',
    method: 'POST',
    path: '/user_account/websites',
    tag: 'user_account',
    summary: 'Claim a website',
    description:
      "Looks for the account's code on a website, and claims the website when it is there. Pins that link to it count " +
      'as claimed from then on.',
    auth: { by: 'token', scopes: ['user_accounts:write'], clientCredentials: false },
    category: 'org_write',
    query: Type.Object(adAccountQuery),
    body: { type: 'json', schema: WebsiteClaim },
    success: { status: 200, description: 'The website.', schema: Website },
    errors: { websiteNotVerified: {}, forbidden: { code: 403 } },
  }),
  /** Gives up the claim to a website. */
  remove: operation({
    id: 'unverify_website/delete',
    method: 'DELETE',
    path: '/user_account/websites',
    tag: 'user_account',
    summary: 'Give up a website',
    description: 'Gives up the claim to a website. Pins that link to it count as claimed no longer.',
    auth: { by: 'token', scopes: ['user_accounts:write'], clientCredentials: false },
    category: 'org_write',
    query: Type.Object({
      website: Type.String({
        minLength: 1,
        maxLength: 2048,
        description: 'The website, as the list names it.',
        examples: ['example.com/shop'],
      }),
    }),
    success: { status: 204, description: 'It is claimed no longer. No content.' },
    errors: { websiteNotFound: {} },
  }),
  /** What to put on a website in order to claim it. */
  codes: operation({
    id: 'website_verification/get',
    method: 'GET',
    path: '/user_account/websites/verification',
    tag: 'user_account',
    summary: 'Get the verification code',
    description: 'What to put on a website in order to claim it: the same for all websites of the account.',
    auth: { by: 'token', scopes: ['user_accounts:read'], clientCredentials: true },
    category: 'org_read',
    query: Type.Object(adAccountQuery),
    success: { status: 200, description: 'The code, in the forms that a website can have it.', schema: WebsiteCodes },
    errors: { forbidden: { code: 403 } },
  }),
} as const
