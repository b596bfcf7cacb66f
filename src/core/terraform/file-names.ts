import { baseName } from "../text/path.ts";
import type { FilePath } from "../text/text.ts";

export type FileRole =
  /** Part of a module's configuration. */
  | {
      readonly kind: "configuration";
      readonly override: boolean;
      /** Name that a `.tofu` variant shadows. */ readonly shadows: string | undefined;
    }
  | { readonly kind: "variables"; /** Read without being named. */ readonly automatic: boolean }
  /** Recognised, and no part of what is evaluated. */
  | { readonly kind: "skipped"; readonly why: string }
  | { readonly kind: "other" };

const OTHER: FileRole = { kind: "other" };

/** Workspaces repeat a few names; they are asked for at every check. */
const roles = new Map<string, FileRole>();
const MOST_ROLES = 10_000;

/** What a file's name makes of it. */
export function fileRole(path: FilePath): FileRole {
  const name = baseName(path);
  let role = roles.get(name);
  if (role === undefined) {
    role = roleOf(name);
    if (roles.size >= MOST_ROLES) roles.clear();
    roles.set(name, role);
  }
  return role;
}

function roleOf(name: string): FileRole {
  // Terraform ignores what editors leave behind.
  if (name.startsWith(".") || name.endsWith("~") || (name.startsWith("#") && name.endsWith("#"))) return OTHER;
  const configuration = /^(.*)\.(tf|tofu)(\.json)?$/.exec(name);
  if (configuration !== null) {
    const [, stem = "", dialect, json = ""] = configuration;
    const override = stem === "override" || stem.endsWith("_override");
    return { kind: "configuration", override, shadows: dialect === "tofu" ? `${stem}.tf${json}` : undefined };
  }
  if (/\.tfvars(\.json)?$/.test(name)) {
    return { kind: "variables", automatic: /^terraform\.tfvars(\.json)?$|\.auto\.tfvars(\.json)?$/.test(name) };
  }
  if (/\.(tftest|tofutest|tfmock|tofumock)\.(hcl|json)$/.test(name))
    return { kind: "skipped", why: "Test file: tests are not evaluated." };
  if (/\.tfquery\.(hcl|json)$/.test(name)) return { kind: "skipped", why: "Query file: searches are not evaluated." };
  if (/\.(tfstack|tfcomponent|tfdeploy)\.(hcl|json)$/.test(name)) {
    return { kind: "skipped", why: "Terraform Stacks are not evaluated; the modules they use are." };
  }
  if (/^(terragrunt|terragrunt\.stack|terragrunt\.values|root)\.hcl(\.json)?$/.test(name)) {
    return { kind: "skipped", why: "Terragrunt files are not evaluated; the modules beside them are, with unknown inputs." };
  }
  return OTHER;
}

/** Order in which Terraform reads the variable files of a root: later ones win. */
export function automaticVariableFiles(names: readonly string[]): readonly string[] {
  const found = names.filter((name) => {
    const role = fileRole(`/${name}`);
    return role.kind === "variables" && role.automatic;
  });
  const rank = (name: string): number => (name === "terraform.tfvars" ? 0 : name === "terraform.tfvars.json" ? 1 : 2);
  return found.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0));
}
