/* Things in AWS's own shape, for answers that moto can't give. */

export const contact = {
  AddressLine1: "1 Example Street",
  City: "Example",
  CompanyName: "Example Ltd",
  CountryCode: "IE",
  FullName: "Example Person",
  PhoneNumber: "+353000000",
  PostalCode: "D00",
};

export const analyzer = {
  arn: "arn:aws:access-analyzer:eu-west-1:123456789012:analyzer/example",
  name: "example",
  type: "ACCOUNT",
  status: "ACTIVE",
  createdAt: new Date(0),
  tags: { team: "security" },
};

export const standard = {
  StandardsSubscriptionArn:
    "arn:aws:securityhub:eu-west-1:123456789012:subscription/aws-foundational-security-best-practices/v/1.0.0",
  StandardsArn: "arn:aws:securityhub:eu-west-1::standards/aws-foundational-security-best-practices/v/1.0.0",
  StandardsInput: {},
  StandardsStatus: "READY",
};
