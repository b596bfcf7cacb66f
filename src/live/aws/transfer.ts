import type { DescribedServer } from "@aws-sdk/client-transfer";
import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector } from "../collector.ts";
import { pages, send, service, type AwsSession } from "./client.ts";
import { always, block, list, must, optional, tagAttributes, tagged, thing, unlessEmpty } from "./shape.ts";

const transfer = service("transfer", () => import("./sdk/transfer.ts"));

export const servers: Collector<AwsSession> = {
  types: ["aws_transfer_server"],
  scope: "region",
  actions: ["transfer:ListServers"],
  list: async (session, region) => {
    const action = "transfer:ListServers";
    const all = await pages(
      session,
      transfer,
      region,
      action,
      (sdk, NextToken) => new sdk.ListServersCommand({ NextToken, MaxResults: 1000 }),
      ({ Servers }) => Servers,
      ({ NextToken }) => NextToken,
    );
    return all.map((of) => {
      const attributes = always({ arn: of.Arn, domain: of.Domain, endpoint_type: of.EndpointType });
      return thing("aws_transfer_server", must(of.ServerId, action), {}, attributes);
    });
  },
  details: [
    {
      of: "aws_transfer_server",
      actions: ["transfer:DescribeServer"],
      read: async (session, { id }, region) => {
        const { Server } = await send(
          session,
          transfer,
          region,
          "transfer:DescribeServer",
          (sdk) => new sdk.DescribeServerCommand({ ServerId: id }),
        );
        return { attributes: Server === undefined ? {} : server(Server) };
      },
    },
  ],
};

function server(of: DescribedServer): JsonObject {
  return {
    ...always({
      arn: of.Arn,
      domain: of.Domain,
      endpoint_type: of.EndpointType,
      host_key_fingerprint: of.HostKeyFingerprint,
      identity_provider_type: of.IdentityProviderType,
      ip_address_type: of.IpAddressType,
      // Always told: none would say that FTP is off.
      protocols: of.Protocols,
      security_policy_name: of.SecurityPolicyName,
    }),
    ...optional({
      certificate: of.Certificate,
      directory_id: of.IdentityProviderDetails?.DirectoryId,
      function: of.IdentityProviderDetails?.Function,
      invocation_role: of.IdentityProviderDetails?.InvocationRole,
      url: of.IdentityProviderDetails?.Url,
      logging_role: of.LoggingRole,
      structured_log_destinations: list(of.StructuredLogDestinations),
    }),
    endpoint_details: block(unlessEmpty(of.EndpointDetails), (endpoint) =>
      optional({
        address_allocation_ids: list(endpoint.AddressAllocationIds),
        security_group_ids: list(endpoint.SecurityGroupIds),
        subnet_ids: list(endpoint.SubnetIds),
        vpc_endpoint_id: endpoint.VpcEndpointId,
        vpc_id: endpoint.VpcId,
      }),
    ),
    protocol_details: block(of.ProtocolDetails, (protocol) =>
      optional({
        as2_transports: list(protocol.As2Transports),
        passive_ip: protocol.PassiveIp,
        set_stat_option: protocol.SetStatOption,
        tls_session_resumption_mode: protocol.TlsSessionResumptionMode,
      }),
    ),
    ...tagAttributes(tagged(of.Tags ?? []) ?? {}),
  };
}
