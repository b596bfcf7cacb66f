import { randomUUID } from "node:crypto";
import { isJsonList, isJsonObject, type Json } from "../../../core/snapshots/model.ts";
import type { Api, Failure } from "./apis.ts";

/* Answers as the protocols write them. */

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function answer(api: Api, operation: string, of: Json): Answer {
  const id = randomUUID();
  if (typeof of === "string") return text(id, of);
  switch (api.protocol) {
    case "json":
      return json(200, "application/x-amz-json-1.1", id, of);
    case "rest-json":
      return json(200, "application/json", id, of);
    case "ec2":
      return xml(200, id, element(`${operation}Response`, { "@xmlns": api.namespace ?? "", requestId: id, ...object(of) }));
    case "query": {
      const body = { "@xmlns": api.namespace ?? "", [`${operation}Result`]: of, ResponseMetadata: { RequestId: id } };
      return xml(200, id, element(`${operation}Response`, body));
    }
    case "rest-xml": {
      // The root is part of the answer.
      const [[root, inner] = [`${operation}Response`, {}]] = Object.entries(object(of));
      return xml(200, id, element(root, { "@xmlns": api.namespace ?? "", ...object(inner) }));
    }
  }
}

export function failure(api: Api, service: string, { status, code, message }: Failure): Answer {
  const id = randomUUID();
  switch (api.protocol) {
    case "json":
      return json(status, "application/x-amz-json-1.1", id, { __type: code, message });
    case "rest-json": {
      const refused = json(status, "application/json", id, { message });
      return { ...refused, headers: { ...refused.headers, "x-amzn-errortype": code } };
    }
    case "ec2":
      return xml(status, id, element("Response", { Errors: { Error: { Code: code, Message: message } }, RequestID: id }));
    case "rest-xml":
      if (service === "s3") return xml(status, id, element("Error", { Code: code, Message: message, RequestId: id }));
      break;
    case "query":
  }
  return xml(status, id, element("ErrorResponse", { Error: { Type: "Sender", Code: code, Message: message }, RequestId: id }));
}

const object = (json: Json): Readonly<Record<string, Json>> => (isJsonObject(json) ? json : {});

function json(status: number, type: string, id: string, of: Json): Answer {
  return { status, headers: { "content-type": type, "x-amzn-requestid": id }, body: JSON.stringify(of) };
}

function xml(status: number, id: string, body: string): Answer {
  return {
    status,
    headers: { "content-type": "text/xml", "x-amzn-requestid": id },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
  };
}

function text(id: string, body: string): Answer {
  return { status: 200, headers: { "content-type": "application/json", "x-amzn-requestid": id }, body };
}

/** A list is the element several times; a name with `@` is an attribute. */
function element(name: string, of: Json): string {
  if (isJsonList(of)) return of.map((each) => element(name, each)).join("");
  if (!isJsonObject(of)) return of === null ? "" : `<${name}>${escaped(String(of))}</${name}>`;
  const members = Object.entries(of);
  const attributes = members.flatMap(([key, value]) =>
    key.startsWith("@") && typeof value === "string" ? [` ${key.slice(1)}="${escaped(value)}"`] : [],
  );
  const inner = members.flatMap(([key, value]) => (key.startsWith("@") ? [] : [element(key, value)]));
  return `<${name}${attributes.join("")}>${inner.join("")}</${name}>`;
}

function escaped(of: string): string {
  return of.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
