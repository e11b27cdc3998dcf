/** The groups of tools: boards and Pins, their numbers, every other operation, and the control of a Pinfold server. */
export const toolsets = ['pins', 'analytics', 'operations', 'control'] as const

/** The name of a group of tools. */
export type Toolset = (typeof toolsets)[number]
