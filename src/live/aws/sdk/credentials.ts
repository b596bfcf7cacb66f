export { fromHttp, fromIni, fromTokenFile } from "@aws-sdk/credential-providers";
