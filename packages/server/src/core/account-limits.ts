/** The limits of an account: Pinterest's own, but for `collaboratorsPerBoard` and `pinsPerBoard`. */
export const limits = {
  /** Boards of others that it is a collaborator of are among them. */
  boardsPerAccount: 2_000,
  pinsPerAccount: 200_000,
  /** Several accounts may pin to a board: without a limit, hiding all of it could take any time. */
  pinsPerBoard: 200_000,
  adAccountsPerAccount: 50,
  sectionsPerBoard: 500,
  collaboratorsPerBoard: 500,
  followsPerAccount: 50_000,
  campaignsPerAdAccount: 10_000,
  promotionsPerAdAccount: 10_000,
  keywordsPerAdAccount: 100_000,
  orderLinesPerAdAccount: 1_000,
  campaignsPerOrderLine: 500,
  adGroupsPerCampaign: 70,
  labelsPerAdAccount: 1000,
  schedulesPerCampaign: 50,
  targetingTemplatesPerAdAccount: 1000,
  adsPerAdGroup: 1_000,
} as const
