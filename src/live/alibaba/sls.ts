import { isJsonObject, type Json, type JsonObject } from "../../core/snapshots/model.ts";
import type { Collector, Found } from "../collector.ts";
import { absent } from "../failure.ts";
import { at, entries, flag, known, number, required, text, textOrNull, texts, unreadable } from "./answers.ts";
import type { AlibabaSession } from "./client.ts";
import { logService } from "./storage.ts";

/** Pages of the Log Service: from an offset, to the end of what it counts. */
async function pages(
  session: AlibabaSession,
  action: string,
  region: string,
  project: string | undefined,
  path: string,
  member: string,
): Promise<readonly Json[]> {
  const all: Json[] = [];
  for (;;) {
    const query = { offset: String(all.length), size: "200" };
    const answer = await logService(session, action, region, project, path, query);
    const here = at(answer, member);
    if (!Array.isArray(here)) throw unreadable(action, member);
    all.push(...(here as readonly Json[]));
    const total = number(answer, "total");
    if (here.length === 0 || (total === undefined ? here.length < 200 : all.length >= total)) return all;
  }
}

function projectsOf(session: AlibabaSession, region: string): Promise<readonly string[]> {
  return session.once(`log:ListProject ${region}`, async () => {
    const all = await pages(session, "log:ListProject", region, undefined, "/", "projects");
    return all.map((project) => required("log:ListProject", project, "projectName"));
  });
}

/** A project that was deleted since it was listed has nothing. */
const gone = absent<readonly Json[]>(["ProjectNotExist"], []);

const logstores: Collector<AlibabaSession> = {
  types: ["alicloud_log_store"],
  scope: "region",
  actions: ["log:ListProject", "log:ListLogStores", "log:GetLogStore"],
  list: async (session, region) => {
    const found = await Promise.all(
      (await projectsOf(session, region)).map(async (project) => {
        const names = await pages(session, "log:ListLogStores", region, project, "/logstores", "logstores").catch(gone);
        return Promise.all(
          names.filter((name) => typeof name === "string").map((name) => logstore(session, region, project, name)),
        );
      }),
    );
    return found.flat();
  },
};

async function logstore(session: AlibabaSession, region: string, project: string, name: string): Promise<Found> {
  const answer = await logService(session, "log:GetLogStore", region, project, `/logstores/${name}`);
  const id = `${project}:${name}`;
  const attributes = known({
    id,
    project_name: project,
    project,
    logstore_name: name,
    name,
    retention_period: number(answer, "ttl"),
    hot_ttl: number(answer, "hot_ttl"),
    enable_web_tracking: flag(answer, "enable_tracking"),
    append_meta: flag(answer, "appendMeta"),
    auto_split: flag(answer, "autoSplit"),
    shard_count: number(answer, "shardCount"),
    mode: text(answer, "mode"),
    telemetry_type: textOrNull(answer, "telemetryType"),
  });
  return { type: "alicloud_log_store", id, name: id, attributes };
}

const alerts: Collector<AlibabaSession> = {
  types: ["alicloud_sls_alert"],
  scope: "region",
  actions: ["log:ListProject", "log:ListAlerts"],
  list: async (session, region) => {
    const found = await Promise.all(
      (await projectsOf(session, region)).map(async (project) => {
        const all = await pages(session, "log:ListAlerts", region, project, "/alerts", "results").catch(gone);
        return all.filter(isJsonObject).map((alert) => alertOf(project, alert));
      }),
    );
    return found.flat();
  },
};

function alertOf(project: string, alert: JsonObject): Found {
  const name = required("log:ListAlerts", alert, "name");
  const id = `${project}:${name}`;
  const template = at(alert, "configuration.templateConfiguration");
  const queries = entries(alert, "configuration.queryList");
  const configuration = known({
    type: text(alert, "configuration.type"),
    version: text(alert, "configuration.version"),
    dashboard: textOrNull(alert, "configuration.dashboard"),
    mute_until: number(alert, "configuration.muteUntil"),
    threshold: number(alert, "configuration.threshold"),
    tags: texts(alert, "configuration.tags"),
    query_list: queries?.map((query) =>
      known({
        query: text(query, "query"),
        store: text(query, "store"),
        project: text(query, "project"),
        region: text(query, "region"),
        store_type: text(query, "storeType"),
        start: text(query, "start"),
        end: text(query, "end"),
      }),
    ),
    // A rule that somebody wrote has none.
    template_configuration: isJsonObject(template)
      ? known({ template_id: text(template, "id"), type: text(template, "type") })
      : null,
  });
  const attributes = known({
    id,
    project_name: project,
    alert_name: name,
    display_name: text(alert, "displayName"),
    description: textOrNull(alert, "description"),
    status: text(alert, "status"),
    create_time: number(alert, "createTime"),
    configuration,
  });
  return { type: "alicloud_sls_alert", id, name: text(alert, "displayName") ?? id, attributes };
}

export const logCollectors: readonly Collector<AlibabaSession>[] = [logstores, alerts];
