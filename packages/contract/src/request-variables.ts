/** What requests are sent with. */
export interface RequestCredentials {
  /** An access token. */
  accessToken: string
  /** The id of an app. */
  appId: string
  /** The secret of that app. */
  appSecret: string
}

/** What stands for credentials that are not known yet. */
export const unknownCredentials: RequestCredentials = {
  accessToken: 'YOUR_ACCESS_TOKEN',
  appId: 'YOUR_APP_ID',
  appSecret: 'YOUR_APP_SECRET',
}

/** The variables of a file of requests, beside the ids of what they are about. */
export const commonVariables = (
  serverUrl: string,
  credentials: RequestCredentials,
): { name: string; value: string; description: string }[] => [
  { name: 'baseUrl', value: serverUrl, description: "The server's address, without /v5." },
  { name: 'accessToken', value: credentials.accessToken, description: 'An access token.' },
  { name: 'appId', value: credentials.appId, description: 'The id of an app, for requests of the app itself.' },
  { name: 'appSecret', value: credentials.appSecret, description: 'The secret of that app.' },
  {
    name: 'controlToken',
    value: 'none',
    description: "The server's PINFOLD_CONTROL_TOKEN; any word on its own machine, if it has none.",
  },
]
