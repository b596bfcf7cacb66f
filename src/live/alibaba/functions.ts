import { isJsonObject, type JsonObject } from "../../core/snapshots/model.ts";
import type { Collector, Found } from "../collector.ts";
import { at, known, listed, number, required, text, textOrNull } from "./answers.ts";
import type { AlibabaSession } from "./client.ts";
import { nameOf, regional } from "./regional.ts";

/** Pages of Function Compute: a token that the last page has not. */
async function pages(
  session: AlibabaSession,
  operation: string,
  region: string,
  path: string,
  list: string,
): Promise<readonly JsonObject[]> {
  const all: JsonObject[] = [];
  let token: string | undefined;
  do {
    const query = { limit: "100", ...(token === undefined ? {} : { nextToken: token }) };
    const answer = await session.roa("fc", operation, region, path, query);
    all.push(...listed(`fc:${operation}`, answer, list));
    token = text(answer, "nextToken");
  } while (token !== undefined && token !== "");
  return all;
}

function functionsOf(session: AlibabaSession, region: string): Promise<readonly JsonObject[]> {
  return session.once(`fc:ListFunctions ${region}`, () =>
    pages(session, "ListFunctions", region, "/2023-03-30/functions", "functions"),
  );
}

const functions: Collector<AlibabaSession> = {
  types: ["alicloud_fcv3_function"],
  scope: "region",
  actions: ["fc:ListFunctions"],
  list: async (session, region) =>
    (await functionsOf(session, region)).map((one) => {
      const name = required("fc:ListFunctions", one, "functionName");
      const attributes = known({
        id: name,
        function_name: name,
        function_arn: text(one, "functionArn"),
        function_id: text(one, "functionId"),
        description: textOrNull(one, "description"),
        runtime: text(one, "runtime"),
        handler: text(one, "handler"),
        role: textOrNull(one, "role"),
        memory_size: number(one, "memorySize"),
        timeout: number(one, "timeout"),
        create_time: text(one, "createdTime"),
      });
      return { type: "alicloud_fcv3_function", id: name, name, attributes };
    }),
  details: [
    {
      of: "alicloud_fcv3_function",
      actions: ["fc:GetFunction"],
      read: async (session, { id }, region) => {
        const answer = await session.roa("fc", "GetFunction", region, `/2023-03-30/functions/${encodeURIComponent(id)}`);
        const variables = at(answer, "environmentVariables");
        // A function without variables has no such member.
        if (!isJsonObject(variables)) return { attributes: { environment_variables: null } };
        const texts = Object.entries(variables).map(([name, value]) => [
          name,
          typeof value === "string" ? value : JSON.stringify(value),
        ]);
        return { attributes: { environment_variables: Object.fromEntries(texts) as JsonObject } };
      },
    },
  ],
};

const triggers: Collector<AlibabaSession> = {
  types: ["alicloud_fcv3_trigger"],
  scope: "region",
  actions: ["fc:ListFunctions", "fc:ListTriggers"],
  list: async (session, region) => {
    const found = await Promise.all(
      (await functionsOf(session, region)).map(async (one) => {
        const name = required("fc:ListFunctions", one, "functionName");
        const path = `/2023-03-30/functions/${encodeURIComponent(name)}/triggers`;
        return (await pages(session, "ListTriggers", region, path, "triggers")).map((trigger) => triggerOf(name, trigger));
      }),
    );
    return found.flat();
  },
};

function triggerOf(owner: string, trigger: JsonObject): Found {
  const name = required("fc:ListTriggers", trigger, "triggerName");
  const id = `${owner}:${name}`;
  const attributes = known({
    id,
    function_name: owner,
    trigger_name: name,
    trigger_type: text(trigger, "triggerType"),
    trigger_config: text(trigger, "triggerConfig"),
    trigger_id: text(trigger, "triggerId"),
    qualifier: text(trigger, "qualifier"),
    source_arn: textOrNull(trigger, "sourceArn"),
    invocation_role: textOrNull(trigger, "invocationRole"),
    description: textOrNull(trigger, "description"),
    status: text(trigger, "status"),
    create_time: text(trigger, "createdTime"),
  });
  return { type: "alicloud_fcv3_trigger", id, name: id, attributes };
}

const apis = regional(
  { product: "cloudapi", operation: "DescribeApis", list: "ApiSummarys.ApiSummary", size: 100, paging: "number" },
  ["alicloud_api_gateway_api"],
  (api, action) => {
    const id = required(action, api, "ApiId");
    const group = required(action, api, "GroupId");
    const attributes = known({
      id: `${group}:${id}`,
      api_id: id,
      group_id: group,
      name: text(api, "ApiName"),
      description: textOrNull(api, "Description"),
    });
    return [{ type: "alicloud_api_gateway_api", id, name: nameOf(api, "ApiName", id), attributes, handle: group }];
  },
  [
    {
      of: "alicloud_api_gateway_api",
      actions: ["apigateway:DescribeApi"],
      read: async (session, { id, handle }, region) => {
        const answer = await session.rpc("cloudapi", "DescribeApi", region, { GroupId: String(handle), ApiId: id });
        return { attributes: known({ auth_type: text(answer, "AuthType") }) };
      },
    },
    {
      of: "alicloud_api_gateway_api",
      actions: ["apigateway:DescribePluginsByApi"],
      gives: ["alicloud_api_gateway_plugin_attachment"],
      read: async (session, { id, handle }, region) => {
        const action = "apigateway:DescribePluginsByApi";
        // Callers reach the release; what guards a stage for tests says nothing of it.
        const parameters = { GroupId: String(handle), ApiId: id, StageName: "RELEASE" };
        const answer = await session.rpc("cloudapi", "DescribePluginsByApi", region, parameters);
        return {
          satellites: listed(action, answer, "Plugins.PluginAttribute").map((plugin) => {
            const pluginId = required(action, plugin, "PluginId");
            const own = `${String(handle)}:${id}:${pluginId}:RELEASE`;
            const attributes = { id: own, api_id: id, group_id: String(handle), plugin_id: pluginId, stage_name: "RELEASE" };
            return { type: "alicloud_api_gateway_plugin_attachment", id: own, attributes };
          }),
        };
      },
    },
  ],
);

const plugins = regional(
  { product: "cloudapi", operation: "DescribePlugins", list: "Plugins.PluginAttribute", size: 100, paging: "number" },
  ["alicloud_api_gateway_plugin"],
  (plugin, action) => {
    const id = required(action, plugin, "PluginId");
    const attributes = known({
      id,
      plugin_name: text(plugin, "PluginName"),
      plugin_type: text(plugin, "PluginType"),
      description: textOrNull(plugin, "Description"),
    });
    return [{ type: "alicloud_api_gateway_plugin", id, name: nameOf(plugin, "PluginName", id), attributes }];
  },
);

export const functionCollectors: readonly Collector<AlibabaSession>[] = [functions, triggers, apis, plugins];
