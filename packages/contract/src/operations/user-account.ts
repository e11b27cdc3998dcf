import { Type } from 'typebox'
import { Account } from '../models/account.ts'
import { operation } from '../operation.ts'
import { adAccountQuery } from '../schema.ts'

export const userAccount = {
  /** The account that the token acts for. */
  get: operation({
    id: 'user_account/get',
    method: 'GET',
    path: '/user_account',
    tag: 'user_account',
    summary: 'Get the account',
    description: 'The account that the token acts for.',
    auth: { by: 'token', scopes: ['user_accounts:read'], clientCredentials: true },
    category: 'org_read',
    query: Type.Object(adAccountQuery),
    success: { status: 200, description: 'The account.', schema: Account },
    errors: { forbidden: { code: 403, message: 'Not authorized to access the user account.' } },
  }),
} as const
