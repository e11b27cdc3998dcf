export { SignInError, type SignInOptions, signIn } from './sign-in.ts'
