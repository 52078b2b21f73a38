import { Stack } from 'aws-cdk-lib';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  PriceClass,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Construct } from 'constructs';
import { acknowledge } from '../checks/acknowledge.ts';
import { type Deployment, resourceName } from '../deployment.ts';

export interface StaticAnswerProps {
  readonly deployment: Deployment;
  readonly name: string;
  /** XML by path. */
  readonly documents: Readonly<Record<string, string>>;
}

/** A CloudFront function may have 10 KB (CloudFront quotas). */
const MAXIMUM_CODE_BYTES = 10_240;

/**
 * Documents that are answered at the edge by the code of a CloudFront function. Guarantees: no Lambda, no table, no
 * bucket, no region of ours is on the way, and nothing of a request is logged (a GET of Twilio's has numbers in its query).
 */
export class StaticAnswer extends Construct {
  /** Scheme and host, without a trailing slash. */
  readonly origin: string;

  constructor(scope: Construct, id: string, props: StaticAnswerProps) {
    super(scope, id);
    const name = resourceName(props.deployment, props.name);
    const answer = new EdgeFunction(this, 'Function', {
      functionName: name,
      comment: name,
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(codeFor(props.documents)),
    });
    const distribution = new Distribution(this, 'Distribution', {
      comment: name,
      priceClass: PriceClass.PRICE_CLASS_100,
      httpVersion: HttpVersion.HTTP2,
      defaultBehavior: {
        // An origin is obligatory; the function answers every request before it would be asked.
        origin: new HttpOrigin(`s3.${Stack.of(this).region}.amazonaws.com`),
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
        allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        functionAssociations: [{ function: answer, eventType: FunctionEventType.VIEWER_REQUEST }],
      },
    });
    acknowledge(distribution, 'answeredAtTheEdge');
    this.origin = `https://${distribution.distributionDomainName}`;
  }
}

const codeFor = (documents: Readonly<Record<string, string>>): string => {
  const code = `const DOCUMENTS = ${JSON.stringify(documents)};
function handler(event) {
  const body = DOCUMENTS[event.request.uri];
  if (body === undefined) return { statusCode: 404, statusDescription: 'Not Found' };
  const headers = { 'content-type': { value: 'text/xml; charset=utf-8' }, 'cache-control': { value: 'no-store' } };
  return { statusCode: 200, statusDescription: 'OK', headers, body };
}
`;
  if (Buffer.byteLength(code) > MAXIMUM_CODE_BYTES)
    throw new Error(`the static documents need ${Buffer.byteLength(code)} bytes, CloudFront takes 10 KB`);
  return code;
};
