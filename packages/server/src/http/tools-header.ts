/** Marks the requests that the tools for agents make within the server: they are an agent's, and kept in the log as others. */
export const toolsHeader = 'x-pinfold-tools'
