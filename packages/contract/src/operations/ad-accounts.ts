import { AdAccount, AdAccountCountries, AdAccountCreate } from '../models/ad-account.ts'
import { TermsOfService, termsOfServiceQuery } from '../models/ads/resources.ts'
import { operation } from '../operation.ts'
import { PageOf, pageQuery } from '../schema.ts'
import { Type } from '../type.ts'

const adAccountParams = Type.Object({
  ad_account_id: Type.String({
    pattern: '^\\d+$',
    maxLength: 18,
    description: 'The ad account.',
    examples: ['1142048512397313'],
  }),
})

const reading = { by: 'token', scopes: ['ads:read'], clientCredentials: true } as const

export const adAccounts = {
  /** The ad accounts that you own or have a role in. */
  list: operation({
    id: 'ad_accounts/list',
    method: 'GET',
    path: '/ad_accounts',
    tag: 'ad_accounts',
    summary: 'List ad accounts',
    description: 'The ad accounts that you own and those that others gave you a role in, newest first.',
    auth: reading,
    category: 'ads_read',
    query: Type.Object({
      include_shared_accounts: Type.Optional(
        Type.Boolean({ default: true, description: 'Whether those of others are in it too.' }),
      ),
      ...pageQuery,
    }),
    success: {
      status: 200,
      description: 'A page of ad accounts.',
      schema: PageOf(AdAccount, 'The ad accounts, newest first.'),
    },
    errors: {},
  }),
  /** Makes an ad account. A business has one from its beginning, and 50 at most. */
  create: operation({
    id: 'ad_accounts/create',
    method: 'POST',
    path: '/ad_accounts',
    tag: 'ad_accounts',
    summary: 'Create an ad account',
    description:
      'Makes one more ad account of your business: 50 at most. Without `name` it is called as the business is, without ' +
      '`country` it is in the US, and without `currency`, or with UNK, it pays with what is paid with there.',
    auth: { by: 'token', scopes: ['ads:write'], clientCredentials: false },
    category: 'ads_write',
    body: { type: 'json', schema: AdAccountCreate },
    success: { status: 201, description: 'The new ad account.', schema: AdAccount },
    errors: { forbidden: {} },
  }),
  /** One ad account. */
  get: operation({
    id: 'ad_accounts/get',
    method: 'GET',
    path: '/ad_accounts/{ad_account_id}',
    tag: 'ad_accounts',
    summary: 'Get an ad account',
    description: 'An ad account that you own or have a role in. Of all others it is not said whether they exist.',
    auth: reading,
    category: 'ads_read',
    params: adAccountParams,
    success: { status: 200, description: 'The ad account.', schema: AdAccount },
    errors: { forbidden: {} },
  }),
  /** The terms of advertising, and whether an ad account has accepted them. */
  termsOfService: operation({
    id: 'terms_of_service/get',
    method: 'GET',
    path: '/ad_accounts/{ad_account_id}/terms_of_service',
    tag: 'terms_of_service',
    summary: 'Get the terms of service',
    description:
      'The terms of advertising on this server. Every ad account has accepted them; any role in it is enough.',
    auth: { ...reading, clientCredentials: false },
    category: 'ads_read',
    params: adAccountParams,
    query: Type.Object(termsOfServiceQuery),
    success: { status: 200, description: 'The terms.', schema: TermsOfService },
    errors: { forbidden: {} },
  }),
  /** Deletes all that is in an ad account. */
  empty: operation({
    id: 'sandbox/delete',
    method: 'DELETE',
    path: '/ad_accounts/{ad_account_id}/sandbox',
    tag: 'ad_accounts',
    summary: 'Empty an ad account',
    description:
      'Deletes all that was made in an ad account: campaigns, ad groups, ads, keywords, schedules, labels, targeting ' +
      'templates, promotions and all numbers. The ad account, its roles and its order lines stay. It cannot be undone.',
    auth: { by: 'token', scopes: ['ads:write'], clientCredentials: false },
    adRight: 'administer',
    category: 'ads_write',
    params: adAccountParams,
    success: {
      status: 200,
      description: 'It is empty.',
      schema: Type.String({ description: 'That it was done.', examples: ['Delete Success'] }),
    },
    errors: { unavailable: {} },
  }),
  /** The countries that ad accounts can be in. */
  countries: operation({
    id: 'ad_account_countries/get',
    method: 'GET',
    path: '/resources/ad_account_countries',
    tag: 'resources',
    summary: 'List the countries of ad accounts',
    description: 'The countries in which one can pay with a currency that ad accounts take.',
    auth: reading,
    category: 'ads_read',
    success: { status: 200, description: 'The countries, by name.', schema: AdAccountCountries },
    errors: {},
  }),
} as const
