import assert from "node:assert/strict";
import { decodeBase64 } from "../../../src/core/secrets/base64.ts";
import { findSecrets } from "../../../src/core/secrets/find.ts";
import { reason, STRING, unknown } from "../../../src/core/values/make.ts";
import { open, sensitive, shown, toValue } from "../cel/world.ts";

const hole = unknown(STRING, reason("variable", "var.x"));
// Put together here, so that no key stands in the file.
const fakes = {
  aws: ["AKIA", "IOSFODNN7EXAMPLE"].join(""),
  alibaba: ["LTAI", "5tExampleExample1234"].join(""),
  tencent: ["AKID", "ExampleExample1234567890"].join(""),
};

function found(text: string): unknown {
  return shown(findSecrets(toValue(text)));
}

describe("Secrets", () => {
  it("are found by shape, with their line and without themselves", () => {
    assert.deepEqual(found(`#!/bin/sh\nexport A=${fakes.aws}`), [{ kind: "AWS access key", line: 2 }]);
    assert.deepEqual(found(fakes.alibaba), [{ kind: "Alibaba Cloud access key", line: 1 }]);
    assert.deepEqual(found(fakes.tencent), [{ kind: "Tencent Cloud secret id", line: 1 }]);
    assert.deepEqual(found(["-----BEGIN RSA", "PRIVATE KEY-----"].join(" ")), [{ kind: "private key", line: 1 }]);
    assert.deepEqual(found("DB_PASSWORD=hunter2!x"), [{ kind: "credential", line: 1 }]);
    assert.deepEqual(found("mysql://app:s3cr3t-99@db.example.com"), [{ kind: "password in a URL", line: 1 }]);
  });

  it("are not placeholders, references or names of secrets", () => {
    for (const text of [
      "PASSWORD=changeme",
      "password: $DB_PASSWORD",
      "token = <your-token>",
      "secret_name: prod/db/password-1",
      "apt-get update",
      "SECRET_ARN=arn:aws:secretsmanager:x",
    ]) {
      assert.deepEqual(found(text), [], text);
    }
  });

  it("may stand where a text has holes; a sensitive hole is one", () => {
    const template = (piece: typeof hole): unknown =>
      shown(
        findSecrets(unknown(STRING, reason("variable", "var.x"), { refinement: { pieces: ["echo ", piece, `\nA=${fakes.aws}`] } })),
      );
    assert.deepEqual(template(hole), [{ kind: "AWS access key", line: 2 }, "…?"]);
    assert.deepEqual(template({ ...hole, sensitive: true }), [
      { kind: "sensitive value", line: 1 },
      { kind: "AWS access key", line: 2 },
    ]);
    assert.equal(shown(findSecrets(open())), "unknown: variable var.x");
    assert.deepEqual(shown(findSecrets(sensitive("x"))), [{ kind: "sensitive value", line: 1 }]);
  });

  it("are found in maps by the entry's name", () => {
    assert.deepEqual(shown(findSecrets(toValue({ DB_PASSWORD: "hunter2!x", DB_HOST: "db.example.com" }))), [
      { kind: "credential", line: 1 },
    ]);
  });
});

describe("Secrets in structures", () => {
  const pair = (name: string, value: unknown): object => ({ name, value });

  it("are found in JSON text by the name beside the value", () => {
    const containers = JSON.stringify([
      { name: "app", image: "example", environment: [pair("DB_HOST", "db.example.com"), pair("DB_PASSWORD", "hunter2!x")] },
    ]);
    assert.deepEqual(found(containers), [{ kind: "credential", line: 1 }]);
    const references = JSON.stringify([
      { secrets: [{ name: "DB_PASSWORD", valueFrom: "arn:aws:ssm:eu-west-1:111122223333:parameter/p" }] },
    ]);
    assert.deepEqual(found(references), []);
  });

  it("are found in what jsonencode made of what is not known", () => {
    const definition = (value: unknown) =>
      unknown(STRING, reason("computed", "x"), {
        refinement: { document: toValue([{ environment: [pair("DB_PASSWORD", value)] }]) },
      });
    assert.deepEqual(shown(findSecrets(definition("hunter2!x"))), [{ kind: "credential", line: 1 }]);
    assert.deepEqual(shown(findSecrets(definition(open()))), ["…?"]);
    assert.deepEqual(shown(findSecrets(definition(sensitive("hunter2!x")))), [{ kind: "sensitive value", line: 1 }]);
  });

  it("are passwords of digits too", () => {
    assert.deepEqual(shown(findSecrets(toValue({ ADMIN_PASSWORD: 12345678, PORT: 12345678 }))), [{ kind: "credential", line: 1 }]);
  });
});

describe("Secrets on command lines", () => {
  const line = (text: string, kind = "credential"): void => {
    assert.deepEqual(found(`#!/bin/sh\n${text}`), [{ kind, line: 2 }], text);
  };

  it("follow options", () => {
    line("mysqladmin --password hunter2!x status");
    line("tool --api-key 'abcdef1234567890'");
    line("tool --db-password=hunter2!x");
  });

  it("are in headers and before hosts", () => {
    line(`curl -H "Authorization: Bearer ${["abcdef1234", "567890ghij"].join("")}" https://example.com`, "authorization header");
    line("curl -u admin:hunter2!x https://example.com", "password of a user");
  });

  it("are not references, placeholders, or other options", () => {
    for (const text of [
      "tool --password $PASSWORD",
      'tool --password "${db_password}"',
      "tool --password-file /run/secrets/db",
      "tool --token-ttl 3600s1234567890a",
      "tool --password --verbose",
      "curl -u admin:$PASSWORD https://example.com",
      'curl -H "Authorization: Bearer $TOKEN" https://example.com',
      "chown -u root:root /etc/x",
    ]) {
      assert.deepEqual(found(text), [], text);
    }
  });
});

describe("Shapes of issuers", () => {
  // Put together here, so that no key stands in the file.
  const long = "0123456789abcdef".repeat(8);
  for (const [kind, text] of [
    ["npm token", `npm_${long.slice(0, 36)}`],
    ["Vault token", `hvs.${long.slice(0, 24)}`],
    ["DigitalOcean token", `dop_v1_${long.slice(0, 64)}`],
    ["SendGrid key", `SG.${long.slice(0, 22)}.${long.slice(0, 43)}`],
    ["Anthropic key", `sk-ant-api03-${long.slice(0, 40)}`],
    ["Databricks token", `dapi${long.slice(0, 32)}`],
    ["Terraform token", `${long.slice(0, 14)}.atlasv1.${long.slice(0, 60)}`],
    ["Grafana token", `glsa_${long.slice(0, 32)}_${long.slice(0, 8)}`],
  ] as const) {
    it(`tell a ${kind}`, () => {
      assert.deepEqual(found(`x ${text}`), [{ kind, line: 1 }]);
      assert.deepEqual(found(`x ${text.slice(0, -8)}`), []);
    });
  }

  it("are looked for in linear time", () => {
    for (const text of [
      "a".repeat(200_000),
      "--password ".repeat(20_000),
      "-".repeat(200_000),
      "authorization: bearer ".repeat(10_000),
    ]) {
      const start = performance.now();
      findSecrets(toValue(text));
      assert.ok(performance.now() - start < 3000, `${text.slice(0, 20)}: ${performance.now() - start} ms`);
    }
  });
});

/*
 * What stands in real user data, environments, compose files and manifests: none of the first list is a secret, all of the second are.
 * The lists are our own.
 */
describe("Texts as people write them", () => {
  const calm = [
    "docker login --username AWS --password-stdin 111122223333.dkr.ecr.eu-central-1.amazonaws.com",
    "aws ecr get-login-password --region eu-central-1 | docker login --username AWS --password-stdin 111122223333.dkr.ecr.eu-central-1.amazonaws.com",
    'TOKEN=$(curl -sX PUT "http://169.254.169.254/latest/api/token" -H "X-aws-ec2-metadata-token-ttl-seconds: 21600")',
    'curl -H "X-aws-ec2-metadata-token: $TOKEN" http://169.254.169.254/latest/meta-data/',
    "DB_PASSWORD=$(aws secretsmanager get-secret-value --secret-id prod/db-2024 --query SecretString --output text)",
    "DB_PASSWORD=`aws ssm get-parameter --name /prod/db --with-decryption`",
    "DB_PASSWORD=`/usr/local/bin/fetch-secret db1`",
    "DB_PASSWORD_SECRET=prod/db/password",
    "DB_PASSWORD_PARAMETER=/prod/db/password",
    "PASSWORD_FIELD=user_password",
    "PASSWORD_COLUMN=encrypted_password",
    "PASSWORD_HASH_ALGORITHM=bcrypt12",
    "PASSWORD_HASHER=argon2id",
    "PASSWORD_ENCODER=bcrypt",
    "PASSWORD_RESET_TIMEOUT=259200",
    "PASSWORD_MIN_LENGTH=12",
    "PASSWORD_REGEX=^(?=.*[A-Z])(?=.*[0-9]).{12,}",
    "PASSWORD_RESET_EMAIL_TEMPLATE=reset-v2-de",
    "REQUIRE_PASSWORD_CHANGE=always",
    "PasswordAuthentication=prohibited",
    "TOKENIZERS_PARALLELISM=false",
    "TOKENIZER=bert-base-uncased-v2-large",
    "MAX_TOKENS=4096",
    "TOKEN_BUCKET=rate-limit-bucket-01",
    "TOKEN_AUDIENCE=orders-service-01",
    "TOKEN_ISSUER=auth01.example.com/realms/main",
    "TOKEN_SERVICE=auth-01.internal.example.com:8443",
    "API_KEY_HEADER=X-Api-Key-Version-2",
    "API_KEY_SOURCE=AUTHORIZER-HEADER-1",
    "API_KEY_HASH=sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "kubeadm join 10.0.0.1:6443 --token $TOKEN --discovery-token-ca-cert-hash sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "ACCESS_KEY_AGE_DAYS=90",
    "ACCESS_KEY_LAST_ROTATED=2024-05-01T00:00:00Z",
    "TOKEN_ROTATED_AT=2024-05-01T00:00:00Z",
    "SECRETS_BACKEND=airflow.providers.amazon.aws.secrets2.Backend",
    "SECRETS_STORE_IMAGE=registry.example.com/secrets-store:1.4.0",
    "SECRET_STORE=aws-secrets-manager-v2",
    "SECRET_PROVIDER_CLASS=app-secrets-v1",
    "existingSecret: app-credentials-v1",
    "imagePullSecrets:\n  - name: regcred-v2-production",
    "password:\n  valueFrom:\n    secretKeyRef:\n      name: db\n      key: password",
    "env:\n- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef: {name: db-1, key: password}",
    "password: op://vault/db/password",
    "password: secretref:db/password1",
    "password: secretsmanager:prod-db-2024",
    "password: projects/111122223333/secrets/db/versions/1",
    "password: {{resolve:secretsmanager:prod/db:SecretString:password}}",
    "password: {{ .Values.db.password }}",
    "password: <%= ENV['DB_PASSWORD'] %>",
    "password: ${{ secrets.DB_PASSWORD }}",
    "password: !Ref DbPassword",
    "password: __DB_PASSWORD__",
    "password: #{DB_PASSWORD}#",
    "password: [[db_password]]",
    "password: @@DB_PASSWORD@@",
    "password: ((db_password))",
    "password: ENC(abc)",
    "password: env:DB_PASSWORD",
    "password = var.db_password",
    "password = local.db_password",
    "password = random_password.db.result",
    "password = data.aws_ssm_parameter.db.value",
    "password = module.db.password",
    "password = aws_ssm_parameter.db.value",
    'password = file("x")',
    "password = os.getenv('DB_PASSWORD')",
    "password = os.environ['DB_PASSWORD']",
    "const password = process.env.DB_PASSWORD",
    'password = System.getenv("DB_PASSWORD")',
    "password = config.get('db.password')",
    "password = readPassword()",
    "password = getpass.getpass()",
    "password: your-password-here",
    "password: <your password>",
    "password: xxxxxxxx",
    "password: ********",
    "password: REPLACE_ME",
    "password: changeme",
    "password: CHANGE-ME-NOW",
    "password: not-a-real-password",
    "password: TODO-set-me",
    "api_key: YOUR_API_KEY_1234",
    "api_key: abc123-example",
    "api_key: 00000000-0000-0000-0000-000000000000",
    "api_key: 1234567890abcdef-replace",
    "Authorization: Bearer <token>",
    "Authorization: Bearer YOUR_TOKEN_HERE_1",
    "curl -u user:password https://example.com",
    "curl -u $USER:$PASS https://example.com",
    "postgres://user:password@localhost/db",
    "postgres://user:${PASSWORD}@localhost/db",
    "postgres://user:$PASSWORD@localhost/db",
    "postgres://user:<password>@localhost/db",
    "amqp://guest:guest@localhost:5672/",
    "git@github.com:example/repo.git",
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7 user@example",
    "echo 'Set a strong password: at least 14 characters'",
    "# The password: see the wiki page Team123",
    "# token: ask in #platform-1234",
    "passwd -l root",
    "sed -i 's/PasswordAuthentication yes/PasswordAuthentication no/' /etc/ssh/sshd_config",
    "SSH_PASSWORD_AUTH=disabled",
    "SECRET_ROTATION_LAMBDA=rotate-secrets-2024",
    "CSRF_TOKEN_COOKIE=csrftoken2_app_name",
    "KMS_KEY_ID=1234abcd-12ab-34cd-56ef-1234567890ab",
    "AWS_ACCESS_KEY_ID_PARAMETER=/prod/key1",
    "TOKEN_URL=auth01.example.com/oauth2/token",
    "PASSWORD_FILE=/run/secrets/db",
    "PGPASSFILE=/root/.pgpass",
    "OLDPWD=C:\\Users\\app1",
    "PWD=/srv/app1",
    "CREDENTIALS_SECRET_KEY_NAME=db-creds-1",
    "vault kv get -field=password secret/prod-1/db",
    "--set password.secretName=db-secret-1",
    "password_secret_version = 3",
    "API_KEY_REQUIRED=true",
    "token_endpoint_auth_method: client_secret_basic",
    "client_secret_expires_at: 1735689600",
    "grant_types: [password]",
    "SecretManager: prod1",
    'echo "ubuntu:$PW" | chpasswd',
    "PASSWORD=test",
    "useSecrets: production1",
    "tokenType: Bearer-Token-V2",
  ];
  const secret = [
    "API_KEY_SERVICE=9f86d081884c7d659a2feaa0c55ad015",
    "RESET_TOKEN=4f9aB7c6d5e4f3a2b1c0",
    "TOKEN_USER=wJalrXUtnFEMIK7MDENGbPx",
    "SMTP_PASSWORD_PROD=Winter2024!",
    "DB_PASSWORD=hunter2-Prod!",
    "DB_PASS=S3cretPw!x",
    "MYSQL_ROOT_PASSWORD=root1234",
    "export PGPASSWORD='Tr0ub4dor&3'",
    "API_KEY=9f86d081884c7d659a2feaa0c55ad015",
    "JWT_SECRET=supersecretjwt2024key",
    'jwtSecret: "my-super-secret-key-1"',
    "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzKEY9",
    "client_secret: 8xK~Q2vB7nLpR4tWzYcD1sFgH3jM",
    '"password": "Winter2024!"',
    'password = "correct-h0rse-battery"',
    "password: correcthorsebattery",
    "mysql --password Sup3rS3cret db",
    "mysql -u root --password=Sup3rS3cret db",
    "curl -u admin:hunter2!x https://example.com",
    "redis://:p4ssw0rd-xyz@cache.example.com:6379",
    "mongodb+srv://app:Qw3rtyUi0p@cluster.example.mongodb.net",
    "Authorization: Bearer abcdef1234567890ghij",
    "SECRET_KEY=django-insecure-9x2k4m7q1w8e5r",
    "SECRET_KEY_BASE=3f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c",
    "ENCRYPTION_PASSPHRASE=blue-tiger-42-jump",
    "token: abcdef.0123456789abcdef",
    "kubeadm join 10.0.0.1:6443 --token abcdef.0123456789abcdef",
    "SLACK_TOKEN=abcd-1234-efgh-5678-ijkl",
    "ADMIN_PASSWORD=Ejemplo-0123456789",
    "spring.datasource.password=Zx81-Sinclair",
    "DATADOG_API_KEY=0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    "password: Passw0rd",
    "rootPassword=letmein!99",
    "ACCESS_KEY_SECRET=aB3dE5fG7hJ9kL1mN3pQ5rS7tU9v",
    "Pwd=S3rver!Login;Server=db.example.com",
    "echo 'ubuntu:S3cret!pw' | sudo chpasswd",
    "DB_PASSWORD=blue.tiger.jump1",
    "TOKEN=wJalrXUtnFEMI/K7MDENG/bPxRfiCY",
  ];

  for (const text of calm) it(`are no secrets: ${JSON.stringify(text)}`, () => assert.deepEqual(found(text), []));
  for (const text of secret) it(`hold a secret: ${JSON.stringify(text)}`, () => assert.equal((found(text) as unknown[]).length, 1));

  it("are judged alike as entries of an environment", () => {
    const entries = (text: string): unknown => {
      const [, name = "", value = ""] = /^([A-Za-z_]+)=([^\s]+)$/.exec(text) ?? [];
      return name === "" ? [] : shown(findSecrets(toValue({ [name]: value })));
    };
    for (const text of calm) assert.deepEqual(entries(text), [], text);
    for (const name of ["DB_PASS", "MYSQL_ROOT_PASSWORD"]) assert.equal((entries(`${name}=S3cretPw!x`) as unknown[]).length, 1);
  });
});

describe("base64", () => {
  it("is decoded, and unknown where it is none", () => {
    assert.equal(shown(decodeBase64("w6TDtvCfmIA=")), "äö😀");
    assert.equal(shown(decodeBase64("!")), "unknown: invalid not base64");
  });
});
