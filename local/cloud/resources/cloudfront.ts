import * as z from 'zod';
import { localArn } from '../platform.ts';
import { REASONS } from './reasons.ts';
import { generatedId, ignored, type ResourceKind, refusal, resourceKind, text } from './resource-kind.ts';

const atTheEdge = 'every request is answered by the function, on a loopback port';

const edgeFunction = resourceKind(
  'AWS::CloudFront::Function',
  {
    Name: z.string(),
    FunctionCode: z.string(),
    AutoPublish: ignored(REASONS.deployment),
    FunctionConfig: z.strictObject({
      Runtime: z.enum(['cloudfront-js-1.0', 'cloudfront-js-2.0']),
      Comment: ignored(REASONS.metadata),
    }),
    Tags: ignored(REASONS.tags),
  },
  ({ Name, FunctionCode }, _, platform) => {
    const arn = localArn(platform, 'cloudfront', `function/${Name}`);
    platform.plan.edgeFunctions.set(arn, FunctionCode);
    return { ref: Name, attributes: { FunctionARN: arn, Stage: 'LIVE' } };
  },
);

const behavior = z.strictObject({
  TargetOriginId: ignored(atTheEdge),
  ViewerProtocolPolicy: ignored(REASONS.network),
  AllowedMethods: z.array(text).default(['GET', 'HEAD']),
  CachePolicyId: ignored(REASONS.capacity),
  Compress: ignored(REASONS.capacity),
  FunctionAssociations: z
    .array(z.strictObject({ EventType: z.literal('viewer-request'), FunctionARN: z.string() }))
    .length(1, 'only a distribution that its function answers runs here'),
});

const distribution = resourceKind(
  'AWS::CloudFront::Distribution',
  {
    DistributionConfig: z.strictObject({
      Comment: z.string(),
      DefaultCacheBehavior: behavior,
      Enabled: z.literal(true),
      Origins: ignored(atTheEdge),
      HttpVersion: ignored(REASONS.network),
      IPV6Enabled: ignored(REASONS.network),
      PriceClass: ignored(REASONS.network),
      ViewerCertificate: ignored(REASONS.network),
    }),
    Tags: ignored(REASONS.tags),
  },
  async ({ DistributionConfig: { Comment, DefaultCacheBehavior } }, declared, platform) => {
    const [association] = DefaultCacheBehavior.FunctionAssociations;
    const code = platform.plan.edgeFunctions.get(association?.FunctionARN ?? '');
    if (code === undefined)
      throw refusal(declared, 'FunctionAssociations', 'names a function that is not there');
    const port = await platform.portOf(declared.stackName, declared.logicalId, Comment);
    platform.plan.edges.push({ name: Comment, port, code });
    return {
      ref: generatedId(declared),
      attributes: { DomainName: `127.0.0.1:${port}`, Id: generatedId(declared) },
    };
  },
);

export const CLOUDFRONT_KINDS: readonly ResourceKind[] = [edgeFunction, distribution];
