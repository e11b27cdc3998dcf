/**
 * The header that the web app's requests carry. A page of another origin can send it only if this server agrees to that
 * in a CORS preflight, which it never does.
 */
export const appHeader = 'x-pinfold-app'
