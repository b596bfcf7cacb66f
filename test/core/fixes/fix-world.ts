import type { CheckTree } from "../../../scripts/check-files.ts";
import { loadChecks } from "../../../src/core/checks/load.ts";
import type { CheckItem, Result } from "../../../src/core/checks/model.ts";
import type { Finding } from "../../../src/core/findings/model.ts";
import type { FixAllHost } from "../../../src/core/fixes/fix-all.ts";
import type { FixHost, FixOffer } from "../../../src/core/fixes/model.ts";
import { offerFixes } from "../../../src/core/fixes/offer.ts";
import { readYaml } from "../../../src/core/instances/yaml-text.ts";
import { object } from "../../../src/core/values/make.ts";
import { applyEdits } from "../../../src/core/text/text.ts";
import type { WorkspaceEdit } from "../../../src/core/text/text.ts";
import { fileWorld, someDay, type FileWorld } from "../../harness/check-world.ts";

export type Files = Readonly<Record<string, string>>;

/** A check item written in a test; its place decides the cloud. */
export function checkOf(tree: CheckTree, place: string, yaml: string): CheckItem {
  const [cloud, service, name] = place.split("/");
  const { source, problems } = readYaml(`${place}.yaml`, yaml);
  const file = { ...source, cloud: cloud as CheckItem["cloud"], service: service ?? "", name: name ?? "", builtIn: false };
  const loaded = loadChecks([file], tree.types);
  const [check] = loaded.checks;
  if (check === undefined) throw new Error(JSON.stringify([...problems, ...loaded.problems]));
  return check;
}

/** What fixes need, over texts in memory: `/w` is the only workspace folder. */
export function fixHost(tree: CheckTree, checks: readonly CheckItem[], files: Files, world = fileWorld(tree, files)): FixAllHost {
  let known: readonly Result[] | undefined;
  const results = (): readonly Result[] => (known ??= checks.flatMap((check) => world.results(check)));
  const host: FixAllHost = {
    source: (path) => world.project.source(path),
    provenance: (instance, path) => world.project.provenance(instance, path),
    scope: (check, instance) => ({
      instance,
      parameters: object([...check.parameters].map(([name, parameter]) => [name, parameter.default])),
      now: someDay,
      table: (name, key) => tree.tables.lookup(name, key, someDay),
      literal: () => ({ kind: "bool", value: true }),
    }),
    instanceType: (name) => tree.types.get(name),
    files: (directory) => world.project.files().filter((file) => file.slice(0, file.lastIndexOf("/")) === directory),
    writable: (file) => file.startsWith("/w/") && !file.includes("/.terraform/"),
    results,
    resultsAfter: (edit) => {
      const after = fileWorld(tree, edited(files, edit));
      return { results: checks.flatMap((check) => after.results(check)), problems: after.project.problems() };
    },
    within: (edit, body) => {
      const inner = edited(files, edit);
      const after = fileWorld(tree, inner);
      return body(fixHost(tree, checks, inner, after), findingsOf(checks, after));
    },
  };
  return host;
}

export function findingsOf(checks: readonly CheckItem[], world: FileWorld): readonly Finding[] {
  return checks.flatMap((check) =>
    world
      .results(check)
      .filter((result) => result.outcome.kind === "fail")
      .map((result): Finding => {
        const location = { file: `${world.root}/main.tf`, range: { start: 0, end: 0 } };
        const placed = { root: world.root, result, suppression: undefined, location, related: [] };
        return {
          id: `${check.id} ${result.instance.address}`,
          check,
          location,
          message: result.message,
          results: [placed],
          related: [],
        };
      }),
  );
}

/** The offers for every failing result of a check, with the texts after each. */
export function offersFor(
  tree: CheckTree,
  check: CheckItem,
  files: Files,
  checks: readonly CheckItem[] = [check],
): readonly { readonly offer: FixOffer; readonly after: Files }[] {
  const world = fileWorld(tree, files);
  const host: FixHost = fixHost(tree, checks, files, world);
  return findingsOf([check], world).flatMap((finding) =>
    offerFixes(finding, host).map((offer) => ({ offer, after: offer.kind === "available" ? edited(files, offer.edit) : files })),
  );
}

export function edited(files: Files, edit: WorkspaceEdit): Files {
  const after = { ...files };
  for (const [path, edits] of edit) {
    const name = path.slice("/w/".length);
    after[name] = applyEdits(after[name] ?? "", edits);
  }
  return after;
}
