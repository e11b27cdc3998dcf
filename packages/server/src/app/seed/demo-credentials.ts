/** The credentials of the demo data. Everybody knows them, so they are for a server that only this machine reaches. */
export const demoCredentials = {
  appId: '1234567',
  appSecret: 'pinfold-demo-secret',
  accessToken: 'pina_demo_0123456789abcdefghijklmnopqrstuvwxyz',
  refreshToken: 'pinr_demo_0123456789abcdefghijklmnopqrstuvwxyz',
  username: 'demo',
  password: 'pinfold-demo',
} as const
