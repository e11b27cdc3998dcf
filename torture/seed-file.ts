/** Returns the seed file of these people: an account each, and tokens of one app. */
export const seedFile = (people: readonly { name: string; token: string }[]): object => ({
  accounts: people.map(({ name }) => ({ username: name, password: `${name}-password`, account_type: 'BUSINESS' })),
  apps: [{ id: '1001', secret: 'torture-app-secret-1', name: 'Torture', owner: people[0]?.name }],
  tokens: people.map(({ name, token }) => ({ app: '1001', account: name, access_token: token })),
})
