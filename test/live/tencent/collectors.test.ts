import assert from "node:assert/strict";
import type { AccountData } from "../../../src/core/accounts/model.ts";
import type { JsonObject } from "../../../src/core/snapshots/model.ts";
import type { Bucket } from "../../../src/live/sample/tencent/cos-double.ts";
import type { StateAnswer, TencentState } from "../../../src/live/sample/tencent/double.ts";
import type { CheckItem } from "../../../src/core/checks/model.ts";
import { judge, liveItems, read } from "./engine.ts";
import { account, closeAll, connect, home, stateOf } from "./support.ts";

const today = new Date().toISOString();

async function items(...ids: readonly string[]): Promise<readonly CheckItem[]> {
  const all = await liveItems();
  return ids.map((id) => {
    const found = all.find((item) => item.id === `tencent-${id}`);
    assert.ok(found, id);
    return found;
  });
}

async function readFor(state: TencentState, ...ids: readonly string[]): Promise<AccountData> {
  const { session } = await connect(state);
  return read(session, await items(...ids));
}

/** What an item says, by instance. */
async function outcomes(id: string, state: TencentState): Promise<Record<string, string>> {
  const [item] = await items(id);
  assert.ok(item);
  const found = await judge(item, await readFor(state, id), today);
  return Object.fromEntries([...found].map(([instance, outcome]) => [instance, outcome.kind]));
}

const of = (data: AccountData, type: string): Record<string, JsonObject> =>
  Object.fromEntries(data.resources.filter((one) => one.type === type).map(({ id, attributes }) => [id, attributes]));

describe("collectors of Tencent Cloud", () => {
  afterEach(closeAll);

  it("read listeners of balancers of the first generation", async () => {
    const balancer = (id: string, forward: number): JsonObject => ({
      LoadBalancerId: id,
      LoadBalancerName: id,
      LoadBalancerType: "OPEN",
      Forward: forward,
      LogTopicId: null,
    });
    const state = stateOf([
      {
        action: "clb:DescribeLoadBalancers",
        region: home,
        answer: { LoadBalancerSet: [balancer("lb-old", 0), balancer("lb-new", 1)] },
      },
      {
        action: "clb:DescribeClassicalLBListeners",
        when: { LoadBalancerId: "lb-old" },
        answer: { Listeners: [{ ListenerId: "lbl-1", ListenerName: "db", ListenerPort: 3306, Protocol: "tcp", HealthSwitch: 1 }] },
      },
    ]);
    assert.deepEqual(await outcomes("clb-high-risk-port", state), { "lb-old#lbl-1": "fail" });
  });

  it("read the entries of ACLs of five parts, in their order", async () => {
    const acl = (id: string, type: string): JsonObject => ({
      NetworkAclId: id,
      NetworkAclName: id,
      VpcId: "vpc-1",
      NetworkAclType: type,
      IngressEntries: [],
      EgressEntries: [],
    });
    const entry = (source: string, priority: number, action: string): JsonObject => ({
      Protocol: "ALL",
      SourcePort: "",
      SourceCidr: source,
      DestinationPort: "",
      DestinationCidr: "10.0.0.0/8",
      Action: action,
      NetworkAclDirection: "INGRESS",
      Priority: priority,
    });
    const entries = (id: string, all: readonly JsonObject[]): StateAnswer => ({
      action: "vpc:DescribeNetworkAclQuintupleEntries",
      when: { NetworkAclId: id },
      answer: { NetworkAclQuintupleSet: all },
    });
    const state = stateOf([
      {
        action: "vpc:DescribeNetworkAcls",
        region: home,
        answer: { NetworkAclSet: [acl("acl-open", "QUINTUPLE"), acl("acl-shut", "QUINTUPLE"), acl("acl-plain", "TRIPLE")] },
      },
      entries("acl-open", [entry("10.0.0.0/8", 2, "ACCEPT"), entry("0.0.0.0/0", 1, "ACCEPT")]),
      entries("acl-shut", [entry("10.0.0.0/8", 1, "ACCEPT")]),
    ]);
    assert.deepEqual(await outcomes("vpc-acl-open", state), { "acl-open": "fail", "acl-shut": "pass", "acl-plain": "pass" });
    const data = await readFor(state, "vpc-acl-open");
    const set = of(data, "tencentcloud_vpc_network_acl_quintuple")["acl-open"]?.["network_acl_quintuple_set"] as JsonObject;
    assert.deepEqual(
      (set["ingress"] as readonly JsonObject[]).map((one) => one["source_cidr"]),
      ["0.0.0.0/0", "10.0.0.0/8"],
    );
  });

  it("judge a cluster's public endpoint by the group that guards it", async () => {
    const cluster = (id: string): JsonObject => ({ ClusterId: id, ClusterName: id });
    const guarded = (id: string, group: string): readonly StateAnswer[] => [
      { action: "tke:DescribeClusterEndpointStatus", when: { ClusterId: id }, answer: { Status: "Created", ErrorMsg: "" } },
      { action: "tke:DescribeClusterEndpoints", when: { ClusterId: id }, answer: { SecurityGroup: group } },
    ];
    const rule = (source: string): JsonObject => ({
      PolicyIndex: 0,
      Protocol: "tcp",
      Port: "443",
      CidrBlock: source,
      Ipv6CidrBlock: "",
      Action: "ACCEPT",
    });
    const group = (id: string, source: string): StateAnswer => ({
      action: "vpc:DescribeSecurityGroupPolicies",
      when: { SecurityGroupId: id },
      answer: { SecurityGroupPolicySet: { Version: "1", Ingress: [rule(source)], Egress: [] } },
    });
    const state = stateOf([
      { action: "tke:DescribeClusters", region: home, answer: { Clusters: ["cls-office", "cls-world", "cls-none"].map(cluster) } },
      ...guarded("cls-office", "sg-office"),
      ...guarded("cls-world", "sg-world"),
      ...guarded("cls-none", ""),
      {
        action: "vpc:DescribeSecurityGroups",
        region: home,
        answer: { SecurityGroupSet: ["sg-office", "sg-world"].map((id) => ({ SecurityGroupId: id, SecurityGroupName: id })) },
      },
      group("sg-office", "198.51.100.0/24"),
      group("sg-world", "0.0.0.0/0"),
    ]);
    assert.deepEqual(await outcomes("tke-endpoint-security-group", state), {
      "cls-office": "pass",
      "cls-world": "fail",
      "cls-none": "fail",
    });
  });

  it("read every bucket, wherever it is and however many there are", async () => {
    const owner = `qcs::cam::uin/${account}:uin/${account}`;
    const acl = `<AccessControlPolicy><Owner><ID>${owner}</ID></Owner><AccessControlList/></AccessControlPolicy>`;
    const buckets = Array.from({ length: 1001 }, (_, index): Bucket => ({
      name: `b${String(index)}-1250000000`,
      region: index % 2 === 0 ? home : "ap-shanghai",
      created: "2024-01-01T00:00:00Z",
      settings: { acl },
    }));
    const { session, double } = await connect(stateOf([], { buckets }));
    const data = await read(session, await items("cos-bucket-public-read"));
    const found = data.resources.filter(({ type }) => type === "tencentcloud_cos_bucket");
    assert.equal(found.length, 1001);
    assert.ok(found.every(({ attributes }) => attributes["acl"] === "private"));
    assert.equal(found.filter(({ region }) => region === "ap-shanghai").length, 500);
    // Two pages, and one question about each bucket; nothing else is asked.
    assert.equal(double.seen.length, 1003);
  });

  it("ask only what the items need", async () => {
    const instances = Array.from({ length: 101 }, (_, index) => ({
      InstanceId: `ins-${String(index)}`,
      DisableApiTermination: true,
    }));
    const { session, double } = await connect(
      stateOf([{ action: "cvm:DescribeInstances", region: home, answer: { InstanceSet: instances } }]),
    );
    const [item] = await items("cvm-instance-termination-protection");
    assert.ok(item);
    const data = await read(session, [item]);
    assert.equal([...(await judge(item, data, today)).values()].filter(({ kind }) => kind === "pass").length, 101);
    const asked = double.seen.map(({ action }) => action).filter((action) => action.startsWith("cvm:DescribeInstances"));
    // Two pages in one region and one in the other.
    assert.equal(asked.length, 3);
  });

  it("take a region where a service is not offered for one without things of it", async () => {
    const { session } = await connect(stateOf([]), {
      fault: ({ action, region }) =>
        action === "lighthouse:DescribeInstances" && region !== home ? { kind: "error", code: "UnsupportedRegion" } : undefined,
    });
    const data = await read(session, await items("lighthouse-firewall-open"));
    assert.deepEqual(
      data.listings.filter(({ types }) => types.includes("tencentcloud_lighthouse_instance")).map(({ failure }) => failure),
      [null, null],
    );
  });

  it("let a thing go that was deleted between two calls, and nothing else", async () => {
    const state = stateOf([
      {
        action: "cdb:DescribeDBInstances",
        region: home,
        answer: {
          Items: ["cdb-there", "cdb-gone", "cdb-odd"].map((id) => ({ InstanceId: id, InstanceName: id, InstanceType: 1 })),
        },
      },
      { action: "cdb:DescribeSSLStatus", when: { InstanceId: "cdb-there" }, answer: { Status: "ON", Url: "" } },
    ]);
    const { session } = await connect(state, {
      fault: ({ action, parameters }) => {
        if (action !== "cdb:DescribeSSLStatus") return undefined;
        if (parameters["InstanceId"] === "cdb-gone") return { kind: "error", code: "ResourceNotFound.CdbInstanceNotFoundError" };
        return parameters["InstanceId"] === "cdb-odd" ? { kind: "error", code: "ResourceNotFound.NoSslConfig" } : undefined;
      },
    });
    const [item] = await items("mysql-ssl");
    assert.ok(item);
    const found = await judge(item, await read(session, [item]), today);
    assert.deepEqual(
      [...found].map(([id, { kind }]) => [id, kind]),
      [
        ["cdb-there", "pass"],
        ["cdb-odd", "unknown"],
      ],
    );
  });

  it("goes through a scan that is throttled, cut and at fault now and then", async () => {
    const groups = Array.from({ length: 120 }, (_, index) => ({
      SecurityGroupId: `sg-${String(index)}`,
      SecurityGroupName: "g",
      SecurityGroupDesc: "d",
    }));
    const state = stateOf([{ action: "vpc:DescribeSecurityGroups", region: home, answer: { SecurityGroupSet: groups } }]);
    let calls = 0;
    const faults = [
      { kind: "error", code: "RequestLimitExceeded" },
      { kind: "cut", after: "half" },
      { kind: "error", code: "InternalError" },
      { kind: "http", status: 503, body: "" },
    ] as const;
    const { session } = await connect(state, {
      fault: () => (++calls % 3 === 0 ? faults[calls % faults.length] : undefined),
    });
    const data = await read(session, await items("vpc-sg-description"));
    assert.equal(data.resources.filter(({ type }) => type === "tencentcloud_security_group").length, 120);
  });

  it("tell the cluster edition of MySQL from others", async () => {
    const instance = (id: string, nodes: unknown): JsonObject => ({
      InstanceId: id,
      InstanceName: id,
      InstanceType: 1,
      DeployMode: 0,
      ClusterInfo: nodes as null,
    });
    const state = stateOf([
      {
        action: "cdb:DescribeDBInstances",
        region: home,
        answer: {
          Items: [
            instance("cdb-nodes", [{ NodeId: "n1", Role: "master", Zone: "ap-guangzhou-3" }]),
            instance("cdb-plain", null),
            { ...instance("cdb-reader", null), InstanceType: 3 },
          ],
        },
      },
    ]);
    assert.deepEqual(await outcomes("mysql-multi-zone", state), { "cdb-nodes": "notApplicable", "cdb-plain": "fail" });
  });

  it("tell what only reads from what stands by itself, also in older answers", async () => {
    const sql = (id: string, more: JsonObject): JsonObject => ({ InstanceId: id, Name: id, DnsPodDomain: "", ...more });
    const state = stateOf([
      {
        action: "sqlserver:DescribeDBInstances",
        region: home,
        answer: {
          DBInstances: [
            sql("mssql-pair", { Model: 1, ROFlag: "" }),
            sql("mssql-alone", { Model: 2, ROFlag: "" }),
            sql("mssql-reader", { Model: 2, ROFlag: "RO" }),
          ],
        },
      },
      { action: "postgres:DescribeDBInstances", region: home, answer: { DBInstanceSet: [{ DBInstanceId: "postgres-1" }] } },
    ]);
    const data = await readFor(state, "sqlserver-public-access", "postgresql-delete-protection");
    assert.deepEqual(Object.keys(of(data, "tencentcloud_sqlserver_instance")), ["mssql-pair"]);
    assert.deepEqual(Object.keys(of(data, "tencentcloud_sqlserver_basic_instance")), ["mssql-alone"]);
    // Without a kind nobody knows what the other is, so that the list is not taken for one without it.
    const listing = data.listings.find(
      ({ types, region }) => types.includes("tencentcloud_postgresql_instance") && region === home,
    );
    assert.equal(listing?.failure?.kind, "error");
  });

  it("tell whether a cluster is encrypted only where the answer says so", async () => {
    const answers: Readonly<Record<string, JsonObject>> = {
      "with-key": { KeyId: "k", KeyRegion: home },
      without: { KeyId: "", KeyRegion: "", KeyType: "" },
      managed: { KeyId: "", KeyRegion: "", KeyType: "cloud" },
      silent: { KeyRegion: "" },
    };
    const state = stateOf([
      {
        action: "cynosdb:DescribeClusters",
        region: home,
        answer: { ClusterSet: Object.keys(answers).map((id) => ({ ClusterId: id, ClusterName: id, DbType: "MYSQL" })) },
      },
      ...Object.entries(answers).map(([id, answer]) => ({
        action: "cynosdb:DescribeClusterTransparentEncryptInfo",
        when: { ClusterId: id },
        answer,
      })),
    ]);
    assert.deepEqual(await outcomes("cynosdb-tde", state), {
      "with-key": "pass",
      without: "fail",
      managed: "pass",
      silent: "unknown",
    });
  });

  it("does not call an organization what is none", async () => {
    for (const code of ["ResourceNotFound.OrganizationNotExist", "ResourceNotFound.MemberNotExist"]) {
      const { session } = await connect(stateOf([]), {
        fault: ({ action }) => (action === "organization:DescribeOrganization" ? { kind: "error", code } : undefined),
      });
      const data = await read(session, await items("organization-policy"));
      assert.deepEqual(of(data, "tencentcloud_organization_instance"), {});
      assert.ok(data.listings.every(({ failure }) => failure === null));
    }
  });
});
