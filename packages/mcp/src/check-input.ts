import { AjvJsonSchemaValidator } from '@modelcontextprotocol/server/validators/ajv'
import { type AnyTool, ToolError } from './tool.ts'

const validator = new AjvJsonSchemaValidator()
const checks = new Map<object, ReturnType<typeof validator.getValidator>>()

/** Returns the input of a tool once it fits the schema. Throws `ToolError`. */
export function checkInput({ name, input: schema }: AnyTool, input: object): never {
  const check = checks.get(schema) ?? validator.getValidator(schema)
  checks.set(schema, check)
  const { valid, errorMessage } = check(input)
  if (!valid) throw new ToolError(`The input of ${name} is wrong: ${errorMessage}.`)
  return input as never
}
