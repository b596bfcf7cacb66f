import type { CertificateDetail, KeyAlgorithm } from "@aws-sdk/client-acm";
import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector } from "../collector.ts";
import { pages, send, service, type AwsSession } from "./client.ts";
import { always, block, must, optional, thing } from "./shape.ts";

const acm = service("acm", () => import("./sdk/acm.ts"));

/** Without naming them the list leaves out every certificate whose key is not RSA of 1024 or 2048 bits. */
const keyTypes: KeyAlgorithm[] = ["RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"];

export const certificates: Collector<AwsSession> = {
  types: ["aws_acm_certificate"],
  scope: "region",
  actions: ["acm:ListCertificates"],
  list: async (session, region) => {
    const action = "acm:ListCertificates";
    const all = await pages(
      session,
      acm,
      region,
      action,
      (sdk, NextToken) => new sdk.ListCertificatesCommand({ NextToken, MaxItems: 1000, Includes: { keyTypes } }),
      ({ CertificateSummaryList }) => CertificateSummaryList,
      ({ NextToken }) => NextToken,
    );
    return all.map(({ CertificateArn, DomainName }) => {
      const arn = must(CertificateArn, action);
      return thing("aws_acm_certificate", arn, { name: DomainName }, { arn, ...always({ domain_name: DomainName }) });
    });
  },
  details: [
    {
      of: "aws_acm_certificate",
      actions: ["acm:DescribeCertificate"],
      read: async (session, { id }, region) => {
        const { Certificate } = await send(
          session,
          acm,
          region,
          "acm:DescribeCertificate",
          (sdk) => new sdk.DescribeCertificateCommand({ CertificateArn: id }),
        );
        return { attributes: Certificate === undefined ? {} : certificate(Certificate) };
      },
    },
  ],
};

function certificate(of: CertificateDetail): JsonObject {
  const method = of.DomainValidationOptions?.find(({ ValidationMethod }) => ValidationMethod !== undefined)?.ValidationMethod;
  // One that was never issued has no dates.
  const dated = of.Status === "ISSUED" || of.Status === "EXPIRED" || of.Status === "REVOKED" ? always : optional;
  return {
    ...always({
      domain_name: of.DomainName,
      status: of.Status,
      type: of.Type,
      key_algorithm: of.KeyAlgorithm?.replace("-", "_"),
      renewal_eligibility: of.RenewalEligibility,
      subject_alternative_names: of.SubjectAlternativeNames,
    }),
    ...dated({ not_after: of.NotAfter, not_before: of.NotBefore }),
    ...optional({ certificate_authority_arn: of.CertificateAuthorityArn, validation_method: method }),
    options: block(of.Options, ({ Export }) => always({ export: Export })),
  };
}
