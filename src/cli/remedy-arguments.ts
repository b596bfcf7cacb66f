import type { RemedyView } from "../live/protocol.ts";
import type { Cloud } from "../core/instances/model.ts";
import { didYouMean } from "../core/text/nearest.ts";

export const remedyCommands = ["remedy", "undo", "remedies"] as const;

export type Risk = RemedyView["risk"];

/** Commands that change accounts, without what all commands for live accounts have. */
export type RemedyCommand =
  | {
      readonly kind: "remedy";
      /** `*`: every check item with a remedy. */
      readonly item: string;
      /** undefined: all that failed in the newest scan, of remedies without risk only. */
      readonly instance: string | undefined;
      readonly parameters: Readonly<Record<string, string>>;
      readonly dryRun: boolean;
      readonly accepted: Risk | undefined;
    }
  | { readonly kind: "undo"; readonly id: string; readonly dryRun: boolean; readonly overwrite: boolean }
  | { readonly kind: "remedies list"; readonly cloud: Cloud | undefined }
  | { readonly kind: "remedies history" }
  | { readonly kind: "remedies finish" | "remedies verify"; readonly id: string };

export const remedyHelp = `Changing live accounts:
  accounts allow-fixes             let credentials change the account, with --source ID; better others than those it is read with
  accounts forbid-fixes            the account is only read again
  policy fix CLOUD                 the API actions that remedies call, and the least policy that allows them
  remedies list [CLOUD]            the remedies that there are
  remedy CHECK INSTANCE            show what would change, ask, change it, and check it again; --set NAME=VALUE gives its parameters
  remedy CHECK|* --all             the same for all that failed in the newest scan; remedies without risk only
  undo ID                          take a remedy back
  remedies history                 what was changed, by whom, and what became of it
  remedies finish ID               go on with a remedy that was interrupted
  remedies verify ID               check again what took the cloud its time

Options of these commands:
  --dry-run                        show it and do nothing
  --yes                            do not ask; enough where there is no risk
  --accept-risk traffic|restart|irreversible   with --yes: the risk that the preview names
  --overwrite                      with undo: also what was changed since
`;

interface Values {
  readonly all?: boolean | undefined;
  readonly set?: readonly string[] | undefined;
  readonly "dry-run"?: boolean | undefined;
  readonly "accept-risk"?: string | undefined;
  readonly overwrite?: boolean | undefined;
}

const risks = ["none", "traffic", "restart", "irreversible"] as const;
const clouds = ["aws", "alibaba", "tencent"] as const;

/** A text: what is wrong. */
export function remedyCommand(
  name: (typeof remedyCommands)[number],
  rest: readonly string[],
  values: Values,
): RemedyCommand | string {
  const dryRun = values["dry-run"] === true;
  switch (name) {
    case "remedy": {
      const [item, instance, more] = rest;
      if (item === undefined || (instance === undefined) !== (values.all === true) || more !== undefined)
        return "Write `plumbline remedy CHECK INSTANCE`, or `plumbline remedy CHECK --all`.";
      if (item === "*" && instance !== undefined) return "Write `plumbline remedy '*' --all`, or name the check item.";
      const accepted = risks.find((risk) => risk === values["accept-risk"]);
      if (values["accept-risk"] !== undefined && accepted === undefined)
        return `--accept-risk is ${risks.slice(1).join(", ")}, not "${values["accept-risk"]}".`;
      const parameters: Record<string, string> = {};
      for (const setting of values.set ?? []) {
        const sign = setting.indexOf("=");
        if (sign <= 0) return `--set ${JSON.stringify(setting)} has no value: write --set NAME=VALUE.`;
        parameters[setting.slice(0, sign)] = setting.slice(sign + 1);
      }
      return { kind: "remedy", item, instance, parameters, dryRun, accepted };
    }
    case "undo": {
      const [id, more] = rest;
      if (id === undefined || more !== undefined) return "Write `plumbline undo ID`: `plumbline remedies history` lists them.";
      return { kind: "undo", id, dryRun, overwrite: values.overwrite === true };
    }
    case "remedies": {
      const [what = "list", given, more] = rest;
      if (more !== undefined) return `\`plumbline remedies ${what}\` does not take "${more}".`;
      switch (what) {
        case "list": {
          const cloud = clouds.find((each) => each === given);
          if (given !== undefined && cloud === undefined) return `\`plumbline remedies list\` takes ${clouds.join(", ")}.`;
          return { kind: "remedies list", cloud };
        }
        case "history":
          return given === undefined ? { kind: "remedies history" } : `\`plumbline remedies history\` does not take "${given}".`;
        case "finish":
        case "verify":
          return given === undefined ? `Write \`plumbline remedies ${what} ID\`.` : { kind: `remedies ${what}`, id: given };
        default:
          return `There is no \`plumbline remedies ${what}\`.${didYouMean(what, ["list", "history", "finish", "verify"])}`;
      }
    }
  }
}
