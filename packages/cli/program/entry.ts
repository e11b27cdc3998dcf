// The command as one bundle where a checkout runs it so, with --conditions=pinfold-bundle; and else its modules.
export { run } from '#program'
