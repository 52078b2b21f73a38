import * as z from 'zod';
import { functionNameOf } from '../arn.ts';
import type { ApiPlan } from '../http-api/api-plan.ts';
import { jwtAuthorizer } from '../http-api/jwt-authorizer.ts';
import type { Platform } from '../platform.ts';
import { REASONS } from './reasons.ts';
import {
  boolean,
  type Declared,
  generatedId,
  ignored,
  inertKind,
  number,
  type ResourceKind,
  refusal,
  resourceKind,
  text,
  textOf,
} from './resource-kind.ts';

const oneDoor = 'the loopback port is the only way in';

const api = resourceKind(
  'AWS::ApiGatewayV2::Api',
  {
    Name: z.string(),
    ProtocolType: z.literal('HTTP'),
    CorsConfiguration: z
      .strictObject({
        AllowOrigins: z.array(z.string()).optional(),
        AllowMethods: z.array(z.string()).optional(),
        AllowHeaders: z.array(z.string()).optional(),
        ExposeHeaders: z.array(z.string()).optional(),
        AllowCredentials: boolean.optional(),
        MaxAge: number.optional(),
      })
      .optional(),
    RouteSelectionExpression: z.literal('$request.method $request.path').optional(),
    DisableExecuteApiEndpoint: ignored(oneDoor),
    IpAddressType: ignored(oneDoor),
    Description: ignored(REASONS.metadata),
    Version: ignored(REASONS.metadata),
    Tags: ignored(REASONS.tags),
  },
  async (properties, declared, platform) => {
    const apiId = generatedId(declared);
    const port = await platform.portOf(declared.stackName, declared.logicalId, properties.Name);
    platform.plan.apis.set(apiId, {
      apiId,
      stackName: declared.stackName,
      logicalId: declared.logicalId,
      name: properties.Name,
      port,
      cors: properties.CorsConfiguration,
      integrations: new Map(),
      authorizers: new Map(),
      routes: [],
      stageVariables: {},
      hasStage: false,
    });
    return { ref: apiId, attributes: { ApiEndpoint: `http://127.0.0.1:${port}`, ApiId: apiId } };
  },
);

const integration = resourceKind(
  'AWS::ApiGatewayV2::Integration',
  {
    ApiId: z.string(),
    IntegrationType: z.literal('AWS_PROXY'),
    IntegrationUri: z.string(),
    PayloadFormatVersion: z.literal('2.0'),
    TimeoutInMillis: number.default(30_000),
    ConnectionType: z.literal('INTERNET').optional(),
    IntegrationMethod: ignored('a function is always invoked by POST'),
    CredentialsArn: ignored(REASONS.permissions),
    Description: ignored(REASONS.metadata),
  },
  ({ ApiId, IntegrationUri, TimeoutInMillis }, declared, platform) => {
    const id = generatedId(declared);
    const functionName = functionNameOf(IntegrationUri);
    apiOf(ApiId, declared, platform).integrations.set(id, {
      functionName,
      timeoutMilliseconds: TimeoutInMillis,
    });
    return { ref: id, attributes: { IntegrationId: id } };
  },
);

const route = resourceKind(
  'AWS::ApiGatewayV2::Route',
  {
    ApiId: z.string(),
    RouteKey: z.string(),
    Target: z.string().startsWith('integrations/'),
    AuthorizationType: z.enum(['NONE', 'JWT']).default('NONE'),
    AuthorizerId: z.string().optional(),
    AuthorizationScopes: z.array(z.string()).default([]),
    ApiKeyRequired: ignored('HTTP APIs have no API keys'),
    OperationName: ignored(REASONS.metadata),
  },
  (properties, declared, platform) => {
    const { ApiId, RouteKey, Target, AuthorizerId, AuthorizationScopes, AuthorizationType } = properties;
    if (AuthorizationType === 'JWT' && AuthorizerId === undefined) {
      throw refusal(declared, 'AuthorizerId', 'a JWT route needs an authorizer');
    }
    const id = generatedId(declared);
    apiOf(ApiId, declared, platform).routes.push({
      routeKey: RouteKey,
      integrationId: Target.slice('integrations/'.length),
      authorizerId: AuthorizationType === 'JWT' ? AuthorizerId : undefined,
      requiredScopes: AuthorizationScopes,
    });
    return { ref: id, attributes: { RouteId: id } };
  },
);

const authorizer = resourceKind(
  'AWS::ApiGatewayV2::Authorizer',
  {
    ApiId: z.string(),
    AuthorizerType: z.literal('JWT'),
    IdentitySource: z.array(z.string()).default(['$request.header.Authorization']),
    JwtConfiguration: z.strictObject({ Issuer: z.string(), Audience: z.array(z.string()).default([]) }),
    Name: ignored(REASONS.metadata),
  },
  ({ ApiId, IdentitySource, JwtConfiguration }, declared, platform) => {
    const id = generatedId(declared);
    const { Issuer, Audience } = JwtConfiguration;
    const settings = { issuer: Issuer, audience: Audience, identitySources: IdentitySource };
    apiOf(ApiId, declared, platform).authorizers.set(id, jwtAuthorizer(settings));
    return { ref: id, attributes: { AuthorizerId: id } };
  },
);

const stage = resourceKind(
  'AWS::ApiGatewayV2::Stage',
  {
    ApiId: z.string(),
    StageName: z.literal('$default', '$default is the only stage that runs here'),
    StageVariables: z.record(z.string(), text).default({}),
    AutoDeploy: ignored(REASONS.deployment),
    DeploymentId: ignored(REASONS.deployment),
    DefaultRouteSettings: ignored(REASONS.capacity),
    RouteSettings: ignored(REASONS.capacity),
    AccessLogSettings: ignored(REASONS.observability),
    AccessPolicyId: ignored(REASONS.permissions),
    Description: ignored(REASONS.metadata),
    Tags: ignored(REASONS.tags),
  },
  ({ ApiId, StageName, StageVariables }, declared, platform) => {
    const plan = apiOf(ApiId, declared, platform);
    plan.stageVariables = StageVariables;
    plan.hasStage = true;
    return { ref: StageName };
  },
);

function apiOf(apiId: string, declared: Declared, { plan }: Platform): ApiPlan {
  const found = plan.apis.get(apiId);
  if (found === undefined) throw refusal(declared, 'ApiId', `there is no HTTP API ${apiId}`);
  return found;
}

export const HTTP_API_KINDS: readonly ResourceKind[] = [
  api,
  integration,
  route,
  authorizer,
  stage,
  inertKind('AWS::ApiGatewayV2::Deployment', REASONS.deployment, ['ApiId', 'Description', 'StageName']),
  inertKind(
    'AWS::ApiGatewayV2::DomainName',
    REASONS.network,
    ['DomainName', 'DomainNameConfigurations', 'MutualTlsAuthentication', 'RoutingMode', 'Tags'],
    (declared, { DomainName }) => ({
      ref: textOf(DomainName) ?? generatedId(declared),
      attributes: {
        RegionalDomainName: `${generatedId(declared)}.localhost`,
        RegionalHostedZoneId: 'Z00000000000000000000',
        DomainName: textOf(DomainName),
      },
    }),
  ),
  inertKind('AWS::ApiGatewayV2::ApiMapping', REASONS.network, [
    'ApiId',
    'ApiMappingKey',
    'DomainName',
    'Stage',
  ]),
];
