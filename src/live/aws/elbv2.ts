import type { Action, Listener, LoadBalancer, Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector, Found } from "../collector.ts";
import { each, pages, send, service, type AwsSession } from "./client.ts";
import { always, block, blocks, list, must, optional, thing, unlessEmpty } from "./shape.ts";

const elb = service("elasticloadbalancing", () => import("./sdk/elbv2.ts"));
const listing = "elasticloadbalancing:DescribeLoadBalancers";

export const loadBalancers: Collector<AwsSession> = {
  types: ["aws_lb"],
  scope: "region",
  actions: [listing],
  list: async (session, region) => (await all(session, region)).map(loadBalancer),
  details: [
    {
      of: "aws_lb",
      actions: ["elasticloadbalancing:DescribeLoadBalancerAttributes"],
      read: async (session, { id }, region) => {
        const { Attributes } = await send(
          session,
          elb,
          region,
          "elasticloadbalancing:DescribeLoadBalancerAttributes",
          (sdk) => new sdk.DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: id }),
        );
        return { attributes: settings(new Map((Attributes ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""]))) };
      },
    },
  ],
};

async function all(session: AwsSession, region: string): Promise<readonly LoadBalancer[]> {
  return await pages(
    session,
    elb,
    region,
    listing,
    (sdk, Marker) => new sdk.DescribeLoadBalancersCommand({ Marker, PageSize: 400 }),
    ({ LoadBalancers }) => LoadBalancers,
    ({ NextMarker }) => NextMarker,
  );
}

function loadBalancer(of: LoadBalancer): Found {
  const arn = must(of.LoadBalancerArn, listing);
  return thing(
    "aws_lb",
    arn,
    { name: of.LoadBalancerName },
    {
      arn,
      arn_suffix: arn.slice(arn.indexOf(":loadbalancer/") + ":loadbalancer/".length),
      ...always({
        name: of.LoadBalancerName,
        dns_name: of.DNSName,
        zone_id: of.CanonicalHostedZoneId,
        internal: of.Scheme === undefined ? undefined : of.Scheme === "internal",
        ip_address_type: of.IpAddressType,
        load_balancer_type: of.Type,
        vpc_id: of.VpcId,
        subnets: of.AvailabilityZones?.flatMap(({ SubnetId }) => SubnetId ?? []),
      }),
      ...optional({
        security_groups: list(of.SecurityGroups),
        customer_owned_ipv4_pool: of.CustomerOwnedIpv4Pool,
        enforce_security_group_inbound_rules_on_private_link_traffic: of.EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic,
      }),
    },
  );
}

/** What does not apply to a kind of load balancer is not among them. */
function settings(of: ReadonlyMap<string, string>): JsonObject {
  const text = (key: string): string | undefined => of.get(key);
  const is = (key: string): boolean | undefined => (of.has(key) ? of.get(key) === "true" : undefined);
  const number = (key: string): number | undefined => (of.has(key) ? Number(of.get(key)) : undefined);
  const logs = (key: string): JsonObject => {
    const enabled = is(`${key}.enabled`);
    const empty = (value: string | undefined): string | undefined => (value === "" ? undefined : value);
    return enabled === undefined
      ? {}
      : { enabled, ...optional({ bucket: empty(text(`${key}.bucket`)), prefix: empty(text(`${key}.prefix`)) }) };
  };
  return always({
    access_logs: unlessEmpty(logs("access_logs.s3")),
    connection_logs: unlessEmpty(logs("connection_logs.s3")),
    health_check_logs: unlessEmpty(logs("health_check_logs.s3")),
    client_keep_alive: number("client_keep_alive.seconds"),
    desync_mitigation_mode: text("routing.http.desync_mitigation_mode"),
    dns_record_client_routing_policy: text("dns_record.client_routing_policy"),
    drop_invalid_header_fields: is("routing.http.drop_invalid_header_fields.enabled"),
    enable_cross_zone_load_balancing: is("load_balancing.cross_zone.enabled"),
    enable_deletion_protection: is("deletion_protection.enabled"),
    enable_http2: is("routing.http2.enabled"),
    enable_tls_version_and_cipher_suite_headers: is("routing.http.x_amzn_tls_version_and_cipher_suite.enabled"),
    enable_waf_fail_open: is("waf.fail_open.enabled"),
    enable_xff_client_port: is("routing.http.xff_client_port.enabled"),
    enable_zonal_shift: is("zonal_shift.config.enabled"),
    idle_timeout: number("idle_timeout.timeout_seconds"),
    preserve_host_header: is("routing.http.preserve_host_header.enabled"),
    xff_header_processing_mode: text("routing.http.xff_header_processing.mode"),
  });
}

export const listeners: Collector<AwsSession> = {
  types: ["aws_lb_listener"],
  scope: "region",
  actions: [listing, "elasticloadbalancing:DescribeListeners"],
  list: async (session, region) => {
    const found = await each(await all(session, region), async ({ LoadBalancerArn, LoadBalancerName }) => {
      const its = await pages(
        session,
        elb,
        region,
        "elasticloadbalancing:DescribeListeners",
        (sdk, Marker) =>
          new sdk.DescribeListenersCommand({ LoadBalancerArn: must(LoadBalancerArn, listing), Marker, PageSize: 400 }),
        ({ Listeners }) => Listeners,
        ({ NextMarker }) => NextMarker,
      );
      return its.map((of) => listener(of, LoadBalancerName ?? ""));
    });
    return found.flat();
  },
  details: [
    {
      of: "aws_lb_listener",
      actions: ["elasticloadbalancing:DescribeRules"],
      gives: ["aws_lb_listener_rule"],
      read: async (session, { id }, region) => {
        const action = "elasticloadbalancing:DescribeRules";
        const rules = await pages(
          session,
          elb,
          region,
          action,
          (sdk, Marker) => new sdk.DescribeRulesCommand({ ListenerArn: id, Marker, PageSize: 400 }),
          ({ Rules }) => Rules,
          ({ NextMarker }) => NextMarker,
        );
        // The default one is the listener's own.
        return {
          satellites: rules.filter(({ IsDefault }) => IsDefault !== true).map((of) => rule(of, id, must(of.RuleArn, action))),
        };
      },
    },
  ],
};

function listener(of: Listener, balancer: string): Found {
  const arn = must(of.ListenerArn, "elasticloadbalancing:DescribeListeners");
  return thing(
    "aws_lb_listener",
    arn,
    { name: `${balancer}:${String(of.Port ?? "")}` },
    {
      arn,
      ...always({ load_balancer_arn: of.LoadBalancerArn, protocol: of.Protocol }),
      ...optional({
        // That of a gateway load balancer has none.
        port: of.Port,
        ssl_policy: of.SslPolicy === "" ? undefined : of.SslPolicy,
        alpn_policy: of.AlpnPolicy?.[0],
        certificate_arn: of.Certificates?.[0]?.CertificateArn,
      }),
      ...(of.DefaultActions === undefined ? {} : { default_action: of.DefaultActions.map(action) }),
      mutual_authentication: block(of.MutualAuthentication, (mutual) => ({
        ...always({ mode: mutual.Mode, ignore_client_certificate_expiry: mutual.IgnoreClientCertificateExpiry }),
        ...optional({ trust_store_arn: mutual.TrustStoreArn, advertise_trust_store_ca_names: mutual.AdvertiseTrustStoreCaNames }),
      })),
    },
  );
}

function rule(of: Rule, listenerArn: string, arn: string): Found {
  return thing(
    "aws_lb_listener_rule",
    arn,
    { name: of.Priority },
    {
      arn,
      listener_arn: listenerArn,
      ...always({ priority: of.Priority === undefined ? undefined : Number(of.Priority) }),
      ...(of.Actions === undefined ? {} : { action: of.Actions.map(action) }),
    },
  );
}

function action(of: Action): JsonObject {
  return {
    ...always({ type: of.Type }),
    ...optional({ order: of.Order, target_group_arn: of.TargetGroupArn }),
    redirect: block(of.RedirectConfig, (redirect) =>
      always({
        host: redirect.Host,
        path: redirect.Path,
        port: redirect.Port,
        protocol: redirect.Protocol,
        query: redirect.Query,
        status_code: redirect.StatusCode,
      }),
    ),
    fixed_response: block(of.FixedResponseConfig, (response) => ({
      ...always({ content_type: response.ContentType, status_code: response.StatusCode }),
      ...optional({ message_body: response.MessageBody }),
    })),
    forward: block(of.ForwardConfig, (forward) => ({
      target_group: blocks(forward.TargetGroups, ({ TargetGroupArn, Weight }) => always({ arn: TargetGroupArn, weight: Weight })),
      stickiness: block(forward.TargetGroupStickinessConfig, ({ Enabled, DurationSeconds }) => ({
        ...always({ enabled: Enabled }),
        ...optional({ duration: DurationSeconds }),
      })),
    })),
    authenticate_cognito: block(of.AuthenticateCognitoConfig, (cognito) =>
      always({
        on_unauthenticated_request: cognito.OnUnauthenticatedRequest,
        scope: cognito.Scope,
        session_cookie_name: cognito.SessionCookieName,
        session_timeout: cognito.SessionTimeout,
        user_pool_arn: cognito.UserPoolArn,
        user_pool_client_id: cognito.UserPoolClientId,
        user_pool_domain: cognito.UserPoolDomain,
      }),
    ),
    // The client's secret is never told.
    authenticate_oidc: block(of.AuthenticateOidcConfig, (oidc) =>
      always({
        authorization_endpoint: oidc.AuthorizationEndpoint,
        client_id: oidc.ClientId,
        issuer: oidc.Issuer,
        on_unauthenticated_request: oidc.OnUnauthenticatedRequest,
        scope: oidc.Scope,
        session_cookie_name: oidc.SessionCookieName,
        session_timeout: oidc.SessionTimeout,
        token_endpoint: oidc.TokenEndpoint,
        user_info_endpoint: oidc.UserInfoEndpoint,
      }),
    ),
  };
}
