import type { Type } from "../values/value.ts";
import { plainAttribute, type AttributeSchema, type BlockSchema, type Schemas } from "./schema.ts";

const DYNAMIC: Type = { kind: "dynamic" };

function attribute(type: Type, how: "optional" | "computed"): AttributeSchema {
  return { ...plainAttribute(type), optional: how === "optional", computed: how === "computed" };
}

/** The resource of Terraform's own provider: https://developer.hashicorp.com/terraform/language/resources/terraform-data */
const TERRAFORM_DATA: BlockSchema = {
  attributes: new Map([
    ["id", attribute({ kind: "string" }, "computed")],
    ["input", attribute(DYNAMIC, "optional")],
    ["output", attribute(DYNAMIC, "computed")],
    ["triggers_replace", attribute(DYNAMIC, "optional")],
  ]),
  blocks: new Map(),
};

/** The providers' types, and those that Terraform brings itself. */
export function resourceSchema(schemas: Schemas, type: string): BlockSchema | undefined {
  return type === "terraform_data" ? TERRAFORM_DATA : schemas.resource(type);
}
