/*
 * Where our answer says more than terraform's, the unknowns in the question are settled in several ways: whatever terraform says
 * then must be what we said before.
 */

/** What each unknown of the world may turn out to be; the answers of one column go together. */
const settlements: Readonly<Record<string, readonly [string, string, string]>> = {
  "local.unknown_text": ['"1"', '"a"', '"zzz,1"'],
  "local.unknown_any": ['"true"', "{ x = 1 }", "false"],
  "local.unknown_number": ["17", "-2.5", "0"],
  "local.unknown_bool": ["true", "false", "true"],
  "local.unknown_list": ['tolist(["q"])', 'tolist(["a", "b", "q"])', 'tolist(["x"])'],
  "local.unknown_set": ['toset(["q"])', 'toset(["a", "b"])', 'toset(["x"])'],
  "local.unknown_map": ['tomap({ a = "1" })', 'tomap({ zz = "2", b = "c" })', 'tomap({ x = "x" })'],
  "local.half_known": ['["a", "x"]', '["a", "a"]', '["a", "zzz,1"]'],
  "local.half_map": ['{ a = "x", b = "x" }', '{ a = "x", b = "a" }', '{ a = "x", b = "" }'],
  "local.unknown_ami": ['"ami-x"', '"ami-a"', '"ami-"'],
  "local.unknown_length": ["1", "5", "2"],
  "local.unknown_few": ['toset(["a"])', 'toset(["a", "x"])', 'toset(["a", "zzz,1"])'],
  "local.unknown_tuple": ['["a", 1]', '["b", 2]', '["a", 1]'],
  "local.unknown_object": ['{ a = "x", b = 1 }', '{ a = "y", b = 2 }', '{ a = "x", b = 1 }'],
  "terraform_data.one.id": ['"x"', '"a"', '"zzz,1"'],
  "terraform_data.one": [
    '{ id = "x", input = null, output = null }',
    '{ id = "a", input = null, output = null }',
    '{ id = "", input = null, output = null }',
  ],
  "plantimestamp()": ['"2024-05-06T07:08:09Z"', '"1999-12-31T23:59:59Z"', '"2030-01-01T00:00:00Z"'],
  "timestamp()": ['"2024-05-06T07:08:09Z"', '"1999-12-31T23:59:59Z"', '"2030-01-01T00:00:00Z"'],
  "uuid()": ['"b5ee72a3-54dd-c4b8-551c-4bdc0204cedb"', '"00000000-0000-4000-8000-000000000000"', '"x"'],
};

/** The question with its unknowns settled, in three ways. */
export function settled(expression: string): readonly string[] {
  const names = Object.keys(settlements).sort((a, b) => b.length - a.length);
  const pattern = new RegExp(
    names.map((name) => "\\b" + name.replaceAll(/[.()]/g, "\\$&") + (name.endsWith(")") ? "" : "\\b")).join("|"),
    "g",
  );
  return [0, 1, 2].map((way) => expression.replaceAll(pattern, (name) => `(${settlements[name]?.[way] ?? name})`));
}
