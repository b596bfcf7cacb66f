import { CallFailure } from "../failure.ts";
import { keep, pause, send, type AwsSession } from "./client.ts";
import { iam } from "./services.ts";

/*
 * IAM's report of all users' credentials: a CSV file that it makes on request and keeps for four hours.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
 */

export const reportActions = ["iam:GetCredentialReport", "iam:GenerateCredentialReport"] as const;

/** A user's line, by the report's columns. */
export type ReportLine = ReadonlyMap<string, string>;

/** How the root user is called in it. */
export const root = "<root_account>";

/** By user name. Asked for once in a session. */
export async function credentialReport(session: AwsSession): Promise<ReadonlyMap<string, ReportLine>> {
  return await keep(session, "credential report", async () => {
    await generate(session);
    const action = "iam:GetCredentialReport";
    const { Content } = await send(session, iam, session.home, action, (sdk) => new sdk.GetCredentialReportCommand({}));
    const report = parse(new TextDecoder().decode(Content));
    if (report.size > 0) return report;
    throw new CallFailure({ kind: "answer", action, code: "Empty", message: "The credential report has no lines." });
  });
}

async function generate(session: AwsSession): Promise<void> {
  const action = "iam:GenerateCredentialReport";
  // It takes seconds in most accounts.
  for (let tries = 0; tries < 40; tries++) {
    const { State } = await send(session, iam, session.home, action, (sdk) => new sdk.GenerateCredentialReportCommand({}));
    if (State === "COMPLETE") return;
    await pause(session, Math.min(5000, 500 * (tries + 1)), action);
  }
  throw new CallFailure({ kind: "fault", action, code: "NotReady", message: "IAM did not finish the credential report." });
}

function parse(text: string): ReadonlyMap<string, ReportLine> {
  const [header = "", ...lines] = text.split(/\r?\n/);
  const columns = header.split(",");
  const report = new Map<string, ReportLine>();
  for (const line of lines) {
    if (line === "") continue;
    // Names of users have commas, and are never quoted; no other column has any: what is too much belongs to the two first.
    const cells = line.split(",");
    const extra = (cells.length - columns.length) / 2;
    const whole =
      extra > 0 ? [cells.slice(0, extra + 1).join(","), cells.slice(extra + 1, 2 * extra + 2).join(",")] : cells.slice(0, 2);
    const all = [...whole, ...cells.slice(2 * Math.max(extra, 0) + 2)];
    const [user] = all;
    if (user !== undefined) report.set(user, new Map(columns.map((column, index) => [column, all[index] ?? ""])));
  }
  return report;
}

/**
 * A time of the report. null: never, as far as AWS knows (it has noted uses since October 2014). undefined: the report does not tell.
 */
export function timeIn(line: ReportLine, column: string): string | null | undefined {
  const text = line.get(column);
  if (text === "N/A" || text === "no_information") return null;
  return text !== undefined && /^\d{4}-\d\d-\d\dT/.test(text) ? text : undefined;
}
