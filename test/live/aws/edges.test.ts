import assert from "node:assert/strict";
import { ACMClient, RequestCertificateCommand } from "@aws-sdk/client-acm";
import { AutoScalingClient, CreateLaunchConfigurationCommand } from "@aws-sdk/client-auto-scaling";
import { CloudFrontClient, CreateDistributionCommand, type DistributionConfig } from "@aws-sdk/client-cloudfront";
import { AllocateAddressCommand, DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  ElasticLoadBalancingV2Client,
  ModifyLoadBalancerAttributesCommand,
  type Action,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  Route53Client,
  type ResourceRecordSet,
} from "@aws-sdk/client-route-53";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateServerCommand, TransferClient } from "@aws-sdk/client-transfer";
import { collectors } from "../../../src/live/aws/collectors.ts";
import { bucketOf } from "../../../src/live/aws/buckets.ts";
import { double } from "./double.ts";
import { connect, emptyMoto, seeding } from "./moto.ts";
import { scan } from "./verdicts.ts";

describe("edges of an AWS account", () => {
  it("load balancers, listeners and their rules", async () => {
    const endpoint = await emptyMoto();
    const { Subnets } = await new EC2Client(seeding(endpoint)).send(new DescribeSubnetsCommand({}));
    const subnets = (Subnets ?? []).slice(0, 2).flatMap(({ SubnetId }) => SubnetId ?? []);
    const elb = new ElasticLoadBalancingV2Client(seeding(endpoint));
    const make = async (Name: string) => {
      const { LoadBalancers } = await elb.send(new CreateLoadBalancerCommand({ Name, Subnets: subnets, Scheme: "internal" }));
      return LoadBalancers?.[0]?.LoadBalancerArn ?? "";
    };
    const good = await make("good");
    const bad = await make("bad");
    await new S3Client(seeding(endpoint)).send(
      new CreateBucketCommand({ Bucket: "logs", CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }),
    );
    await elb.send(
      new ModifyLoadBalancerAttributesCommand({
        LoadBalancerArn: good,
        Attributes: [
          { Key: "deletion_protection.enabled", Value: "true" },
          { Key: "routing.http.drop_invalid_header_fields.enabled", Value: "true" },
          { Key: "access_logs.s3.enabled", Value: "true" },
          { Key: "access_logs.s3.bucket", Value: "logs" },
          { Key: "idle_timeout.timeout_seconds", Value: "30" },
        ],
      }),
    );
    // moto tells only what was set; AWS tells all.
    await elb.send(
      new ModifyLoadBalancerAttributesCommand({
        LoadBalancerArn: bad,
        Attributes: [
          { Key: "routing.http.drop_invalid_header_fields.enabled", Value: "false" },
          { Key: "access_logs.s3.enabled", Value: "false" },
        ],
      }),
    );
    const toHttps: Action = { Type: "redirect", RedirectConfig: { Protocol: "HTTPS", Port: "443", StatusCode: "HTTP_301" } };
    const listen = async (
      LoadBalancerArn: string,
      Port: number,
      Protocol: "HTTP" | "HTTPS",
      DefaultActions: Action[],
      more = {},
    ) => {
      const { Listeners } = await elb.send(new CreateListenerCommand({ LoadBalancerArn, Port, Protocol, DefaultActions, ...more }));
      return Listeners?.[0]?.ListenerArn ?? "";
    };
    const hello: Action = { Type: "fixed-response", FixedResponseConfig: { StatusCode: "200", ContentType: "text/plain" } };
    const login: Action = {
      Type: "authenticate-cognito",
      AuthenticateCognitoConfig: {
        UserPoolArn: "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/p",
        UserPoolClientId: "c",
        UserPoolDomain: "d",
      },
    };
    await listen(good, 80, "HTTP", [toHttps]);
    const ruled = await listen(good, 81, "HTTP", [toHttps]);
    await elb.send(
      new CreateRuleCommand({
        ListenerArn: ruled,
        Priority: 7,
        Conditions: [{ Field: "path-pattern", Values: ["/plain"] }],
        Actions: [{ ...login }],
      }),
    );
    await listen(bad, 80, "HTTP", [login]);
    const Certificates = [{ CertificateArn: await certificate(endpoint, "lb.example.com") }];
    await listen(good, 443, "HTTPS", [hello], { Certificates, SslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" });
    await listen(bad, 443, "HTTPS", [hello], { Certificates, SslPolicy: "ELBSecurityPolicy-2016-08" });
    const { verdicts, thing, data } = await scan(await connect(endpoint), collectors, [
      "aws-elbv2-access-logs",
      "aws-elbv2-deletion-protection",
      "aws-elbv2-drop-invalid-headers",
      "aws-elbv2-listener-https",
      "aws-elbv2-listener-tls-policy",
    ]);
    assert.deepEqual(verdicts, {
      "aws-elbv2-access-logs": { good: "pass", bad: "fail" },
      "aws-elbv2-deletion-protection": { good: "pass", bad: "fail" },
      "aws-elbv2-drop-invalid-headers": { good: "pass", bad: "fail" },
      "aws-elbv2-listener-https": {
        "good:80": "pass",
        "good:81": "fail",
        "good:443": "notApplicable",
        "bad:80": "fail",
        "bad:443": "notApplicable",
      },
      "aws-elbv2-listener-tls-policy": {
        "good:80": "notApplicable",
        "good:81": "notApplicable",
        "good:443": "pass",
        "bad:80": "notApplicable",
        "bad:443": "fail",
      },
    });
    const { attributes } = thing("aws_lb", "good");
    assert.equal(attributes["idle_timeout"], 30);
    assert.equal(attributes["internal"], true);
    assert.deepEqual(attributes["access_logs"], { enabled: true, bucket: "logs", prefix: null });
    const rules = data.resources.filter(({ type }) => type === "aws_lb_listener_rule");
    assert.deepEqual(
      rules.map((rule) => [rule.attributes["listener_arn"], rule.attributes["priority"]]),
      [[ruled, 7]],
    );
  });

  it("certificates of ACM, whatever their keys", async () => {
    const endpoint = await emptyMoto();
    const good = await certificate(endpoint, "good.example.com", "EC_prime256v1");
    const bad = await certificate(endpoint, "bad.example.com");
    await certificate(endpoint, "waiting.example.com");
    // moto has no certificate that runs out soon.
    const issued = (CertificateArn: string, DomainName: string, NotAfter: number) => ({
      Certificate: {
        CertificateArn,
        DomainName,
        Status: "ISSUED",
        Type: "AMAZON_ISSUED",
        KeyAlgorithm: "EC-prime256v1",
        NotBefore: 1_760_000_000,
        NotAfter,
      },
    });
    const front = await double({
      DescribeCertificate: (body: string) =>
        body.includes(good)
          ? issued(good, "good.example.com", 1_830_000_000)
          : body.includes(bad)
            ? issued(bad, "bad.example.com", 1_764_500_000)
            : undefined,
    });
    try {
      const { verdicts, thing } = await scan(await connect(front.endpoint), collectors, ["aws-acm-certificate-expiry"], {
        now: "2025-11-26T00:00:00Z",
      });
      assert.deepEqual(verdicts["aws-acm-certificate-expiry"], {
        "good.example.com": "pass",
        "bad.example.com": "fail",
        "waiting.example.com": "notApplicable",
      });
      const { attributes } = thing("aws_acm_certificate", "good.example.com");
      assert.equal(attributes["not_after"], "2027-12-28T13:20:00Z");
      assert.equal(attributes["key_algorithm"], "EC_prime256v1");
      assert.equal(thing("aws_acm_certificate", "waiting.example.com").attributes["status"], "PENDING_VALIDATION");
    } finally {
      await front.stop();
    }
  });

  it("distributions of CloudFront, and the buckets behind them", async () => {
    const endpoint = await emptyMoto();
    const cloudfront = new CloudFrontClient(seeding(endpoint));
    await new S3Client(seeding(endpoint)).send(
      new CreateBucketCommand({ Bucket: "ours", CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }),
    );
    const make = (
      name: string,
      bucket: string,
      policy: "allow-all" | "redirect-to-https",
      more: Partial<DistributionConfig> = {},
    ): Promise<unknown> =>
      cloudfront.send(
        new CreateDistributionCommand({
          DistributionConfig: {
            CallerReference: name,
            Comment: name,
            Enabled: true,
            Origins: {
              Quantity: 1,
              Items: [
                {
                  Id: "bucket",
                  DomainName: `${bucket}.s3.eu-west-1.amazonaws.com`,
                  S3OriginConfig: { OriginAccessIdentity: "origin-access-identity/cloudfront/E1" },
                  CustomHeaders: { Quantity: 1, Items: [{ HeaderName: "X-Key", HeaderValue: "hunter2hunter2" }] },
                },
              ],
            },
            DefaultCacheBehavior: {
              TargetOriginId: "bucket",
              ViewerProtocolPolicy: policy,
              MinTTL: 0,
              ForwardedValues: { QueryString: false, Cookies: { Forward: "none" } },
            },
            ...more,
          },
        }),
      );
    await make("good", "ours", "redirect-to-https", {
      DefaultRootObject: "index.html",
      ViewerCertificate: {
        CloudFrontDefaultCertificate: false,
        ACMCertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/one",
        SSLSupportMethod: "sni-only",
        MinimumProtocolVersion: "TLSv1.2_2021",
      },
    });
    await make("bad", "gone", "allow-all", {
      ViewerCertificate: {
        CloudFrontDefaultCertificate: false,
        ACMCertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/one",
        SSLSupportMethod: "sni-only",
        MinimumProtocolVersion: "TLSv1",
      },
    });
    const { verdicts, thing } = await scan(await connect(endpoint), collectors, [
      "aws-cloudfront-https",
      "aws-cloudfront-tls-version",
      "aws-cloudfront-origin-bucket-missing",
    ]);
    assert.deepEqual(verdicts, {
      "aws-cloudfront-https": { good: "pass", bad: "fail" },
      "aws-cloudfront-tls-version": { good: "pass", bad: "fail" },
      "aws-cloudfront-origin-bucket-missing": { good: "pass", bad: "fail" },
    });
    const { attributes, region } = thing("aws_cloudfront_distribution", "bad");
    assert.equal(region, undefined);
    assert.deepEqual(attributes["missing_buckets"], ["gone"]);
    assert.ok(!JSON.stringify(attributes).includes("hunter2"));
  });

  it("what distributions answer at their root (moto forgets how buckets are reached)", async () => {
    const origin = (
      of: string,
    ) => `<Origins><Quantity>1</Quantity><Items><Origin><Id>one</Id><DomainName>b.s3.amazonaws.com</DomainName>
      <OriginPath></OriginPath><CustomHeaders><Quantity>0</Quantity></CustomHeaders>${of}<ConnectionAttempts>3</ConnectionAttempts></Origin></Items></Origins>`;
    const control = origin(
      "<S3OriginConfig><OriginAccessIdentity></OriginAccessIdentity></S3OriginConfig><OriginAccessControlId>E2</OriginAccessControlId>",
    );
    const identity = origin(
      "<S3OriginConfig><OriginAccessIdentity>origin-access-identity/cloudfront/E1</OriginAccessIdentity></S3OriginConfig>",
    );
    const open = origin(
      "<S3OriginConfig><OriginAccessIdentity></OriginAccessIdentity></S3OriginConfig><OriginAccessControlId></OriginAccessControlId>",
    );
    const summary = (
      id: string,
      origins: string,
    ) => `<DistributionSummary><Id>${id}</Id><ARN>arn:aws:cloudfront::123456789012:distribution/${id}</ARN>
      <Status>Deployed</Status><LastModifiedTime>2026-01-02T03:04:05.678Z</LastModifiedTime><DomainName>${id}.cloudfront.net</DomainName>
      <Comment></Comment><Enabled>true</Enabled>${origins}<DefaultCacheBehavior><TargetOriginId>one</TargetOriginId>
      <ViewerProtocolPolicy>https-only</ViewerProtocolPolicy><RealtimeLogConfigArn></RealtimeLogConfigArn></DefaultCacheBehavior></DistributionSummary>`;
    const configuration = (
      root: string,
      origins: string,
    ) => `<DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
      <CallerReference>1</CallerReference><DefaultRootObject>${root}</DefaultRootObject>${origins}<Comment></Comment><Enabled>true</Enabled></DistributionConfig>`;
    const list = (items: string, more: string) => `<DistributionList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
      <Marker></Marker><MaxItems>100</MaxItems>${more}<Quantity>2</Quantity><Items>${items}</Items></DistributionList>`;
    const front = await double({
      "GET /2020-05-31/distribution": (_: string, url: string) =>
        url.includes("Marker=E2")
          ? list(summary("E3", identity) + summary("E4", open), "<IsTruncated>false</IsTruncated>")
          : list(summary("E1", control) + summary("E2", control), "<IsTruncated>true</IsTruncated><NextMarker>E2</NextMarker>"),
      DescribeDeliverySources: {
        deliverySources: [
          {
            name: "e1",
            resourceArns: ["arn:aws:cloudfront::123456789012:distribution/E1"],
            service: "cloudfront",
            logType: "ACCESS_LOGS",
          },
        ],
      },
      "GET /2020-05-31/distribution/E1/config": configuration("index.html", control),
      "GET /2020-05-31/distribution/E2/config": configuration("", control),
      "GET /2020-05-31/distribution/E3/config": configuration("", identity).replace(
        "<Comment>",
        "<Logging><Enabled>true</Enabled><IncludeCookies>false</IncludeCookies><Bucket>logs.s3.amazonaws.com</Bucket><Prefix></Prefix></Logging><Comment>",
      ),
      "GET /2020-05-31/distribution/E4/config": configuration("", open),
    });
    try {
      const ids = ["aws-cloudfront-default-root-object", "aws-cloudfront-logging", "aws-cloudfront-origin-access"];
      const { verdicts } = await scan(await connect(front.endpoint), collectors, ids);
      assert.deepEqual(verdicts["aws-cloudfront-logging"], {
        "E1.cloudfront.net": "pass",
        "E2.cloudfront.net": "fail",
        "E3.cloudfront.net": "pass",
        "E4.cloudfront.net": "fail",
      });
      assert.deepEqual(verdicts["aws-cloudfront-default-root-object"], {
        "E1.cloudfront.net": "pass",
        "E2.cloudfront.net": "fail",
        "E3.cloudfront.net": "fail",
        "E4.cloudfront.net": "fail",
      });
      assert.deepEqual(verdicts["aws-cloudfront-origin-access"], {
        "E1.cloudfront.net": "pass",
        "E2.cloudfront.net": "pass",
        "E3.cloudfront.net": "pass",
        "E4.cloudfront.net": "fail",
      });
    } finally {
      await front.stop();
    }
  });

  it("know a bucket by its names in the DNS", () => {
    const names = {
      "b.s3.amazonaws.com": "b",
      "b.s3.eu-west-1.amazonaws.com": "b",
      "b.s3-eu-west-1.amazonaws.com": "b",
      "b.s3.dualstack.eu-west-1.amazonaws.com": "b",
      "b.s3-website-us-east-1.amazonaws.com": "b",
      "www.example.com.s3-website.eu-central-1.amazonaws.com.": "www.example.com",
      "b.s3.cn-north-1.amazonaws.com.cn": "b",
      "b.s3-accelerate.amazonaws.com": "b",
      "example.com": undefined,
      "b.s3.example.com": undefined,
      "s3.eu-west-1.amazonaws.com": undefined,
    };
    for (const [host, bucket] of Object.entries(names)) assert.equal(bucketOf(host), bucket, host);
  });

  it("records of Route 53, and whether what they point at is still there", async () => {
    const endpoint = await emptyMoto();
    const route53 = new Route53Client(seeding(endpoint));
    const s3 = new S3Client(seeding(endpoint));
    await s3.send(
      new CreateBucketCommand({ Bucket: "site.example.com", CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }),
    );
    const { PublicIp = "" } = await new EC2Client(seeding(endpoint, "us-east-2")).send(
      new AllocateAddressCommand({ Domain: "vpc" }),
    );
    const { HostedZone } = await route53.send(new CreateHostedZoneCommand({ Name: "example.com", CallerReference: "1" }));
    const records: ResourceRecordSet[] = [
      { Name: "held.example.com", Type: "A", TTL: 60, ResourceRecords: [{ Value: PublicIp }] },
      { Name: "elsewhere.example.com", Type: "A", TTL: 60, ResourceRecords: [{ Value: "203.0.113.7" }] },
      { Name: "inside.example.com", Type: "A", TTL: 60, ResourceRecords: [{ Value: "10.0.0.7" }] },
      {
        Name: "site.example.com",
        Type: "CNAME",
        TTL: 60,
        ResourceRecords: [{ Value: "site.example.com.s3-website-eu-west-1.amazonaws.com" }],
      },
      {
        Name: "gone.example.com",
        Type: "CNAME",
        TTL: 60,
        ResourceRecords: [{ Value: "gone.example.com.s3-website-eu-west-1.amazonaws.com" }],
      },
      {
        Name: "alias.example.com",
        Type: "A",
        AliasTarget: { DNSName: "s3-website-eu-west-1.amazonaws.com", HostedZoneId: "Z1BKCTXD74EZPE", EvaluateTargetHealth: false },
      },
      { Name: "\\052.example.com", Type: "TXT", TTL: 60, ResourceRecords: [{ Value: '"v=1"' }] },
    ];
    await route53.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: HostedZone?.Id,
        ChangeBatch: { Changes: records.map((record) => ({ Action: "CREATE", ResourceRecordSet: record })) },
      }),
    );
    const { verdicts, thing } = await scan(await connect(endpoint), collectors, ["aws-route53-dangling-record"]);
    const of = verdicts["aws-route53-dangling-record"] ?? {};
    assert.equal(of["held.example.com A"], "pass");
    assert.match(of["elsewhere.example.com A"] ?? "", /^unknown/);
    assert.equal(of["inside.example.com A"], "notApplicable");
    assert.equal(of["site.example.com CNAME"], "pass");
    assert.equal(of["gone.example.com CNAME"], "fail");
    assert.equal(of["alias.example.com A"], "fail");
    assert.equal(of["*.example.com TXT"], "notApplicable");
    const { attributes } = thing("aws_route53_record", "held.example.com A");
    assert.equal(attributes["ttl"], 60);
    assert.deepEqual(attributes["records"], [PublicIp]);
  });

  it("launch configurations of auto scaling, decoded nowhere but in the check", async () => {
    const endpoint = await emptyMoto();
    const autoscaling = new AutoScalingClient(seeding(endpoint));
    const make = (name: string, more: object): Promise<unknown> =>
      autoscaling.send(
        new CreateLaunchConfigurationCommand({
          LaunchConfigurationName: name,
          ImageId: "ami-12c6146b",
          InstanceType: "t3.micro",
          ...more,
        }),
      );
    const script = (text: string) => Buffer.from(text).toString("base64");
    await make("good", { UserData: script("echo hello"), MetadataOptions: { HttpTokens: "required", HttpEndpoint: "enabled" } });
    await make("bad", {
      UserData: script("export DATABASE_URL=postgres://root:Tr0ub4dor-and-3@db.example.com/shop"),
      MetadataOptions: { HttpTokens: "optional", HttpEndpoint: "enabled" },
    });
    await make("bare", {});
    const { verdicts, thing } = await scan(
      await connect(endpoint),
      collectors,
      ["aws-ec2-launch-template-secrets", "aws-ec2-launch-template-imdsv2"],
      { mayFail: true },
    );
    assert.deepEqual(verdicts["aws-ec2-launch-template-secrets"], { good: "pass", bad: "fail", bare: "pass" });
    const tokens = verdicts["aws-ec2-launch-template-imdsv2"] ?? {};
    assert.equal(tokens["good"], "pass");
    assert.equal(tokens["bad"], "fail");
    assert.match(tokens["bare"] ?? "", /^unknown/);
    assert.equal(thing("aws_launch_configuration", "bare").attributes["user_data_base64"], null);
  });

  it("servers for transfers", async () => {
    const endpoint = await emptyMoto();
    const transfer = new TransferClient(seeding(endpoint));
    const { ServerId: good = "" } = await transfer.send(new CreateServerCommand({ Protocols: ["SFTP"] }));
    const { ServerId: bad = "" } = await transfer.send(
      new CreateServerCommand({ Protocols: ["SFTP", "FTP"], EndpointType: "VPC" }),
    );
    const { verdicts, thing } = await scan(await connect(endpoint), collectors, ["aws-transfer-server-protocol"]);
    assert.deepEqual(verdicts["aws-transfer-server-protocol"], { [good]: "pass", [bad]: "fail" });
    assert.equal(thing("aws_transfer_server", bad).attributes["endpoint_type"], "VPC");
  });
});

async function certificate(
  endpoint: string,
  DomainName: string,
  KeyAlgorithm: "RSA_2048" | "EC_prime256v1" = "RSA_2048",
): Promise<string> {
  const { CertificateArn = "" } = await new ACMClient(seeding(endpoint)).send(
    new RequestCertificateCommand({ DomainName, KeyAlgorithm, ValidationMethod: "DNS" }),
  );
  return CertificateArn;
}
