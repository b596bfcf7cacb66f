export { ACMClient as Client, ListCertificatesCommand, DescribeCertificateCommand } from "@aws-sdk/client-acm";
