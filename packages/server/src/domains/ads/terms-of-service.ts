/** The terms of advertising on this server, which every ad account has accepted: nothing is billed, so nobody is asked. */
export const termsOfService = {
  /** Which text it is. */
  id: '1',
  /** Whether an ad account has accepted them. */
  hasAccepted: true,
  /** The text. */
  html: [
    '<h1>Terms of advertising</h1>',
    '<p>Ads on this server are for development and tests. Nobody pays for them: budgets, bids and what was spent are ',
    'numbers, not money.</p>',
    '<p>What you create here is shown to nobody but those who use this server.</p>',
  ].join(''),
} as const
