/** The limits of an account: Pinterest's own. */
export const limits = {
  boardsPerAccount: 2_000,
  pinsPerAccount: 200_000,
  adAccountsPerAccount: 50,
  sectionsPerBoard: 500,
  followsPerAccount: 50_000,
} as const
