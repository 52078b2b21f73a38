import { describe, expect, test } from '@jest/globals';
import {
  APPLICATION_ROUTES,
  type ApplicationRoute,
  HOOK_ROUTES,
  SCOPES,
  VOICE_ROUTES,
} from '../../../functions/shared/contract/routes.ts';
import { ENVIRONMENTS, type Resource, synthesized } from './synthesized.ts';

describe.each(ENVIRONMENTS)('routes of %s', (environment) => {
  const { of, outputs, target } = synthesized(environment);
  const apiName = ({ stack, properties }: Resource): string =>
    target(stack, properties.ApiId)?.properties.Name.replace(`trunkline-${environment}-`, '');
  const routes = (api: string) => of('AWS::ApiGatewayV2::Route').filter((route) => apiName(route) === api);
  const servedBy = ({ stack, properties }: Resource): string => {
    const integration = target(stack, properties.Target['Fn::Join'][1][1]);
    const served = target(stack, integration?.properties.IntegrationUri);
    return served?.properties.FunctionName.replace(`trunkline-${environment}-`, '');
  };
  const scopePrefix = environment === 'local' ? '' : 'trunkline/';

  test('the hooks API has exactly the routes of the contract, all POST, served by whom Twilio waits for', () => {
    expect(
      routes('hooks')
        .map(({ properties }) => properties.RouteKey)
        .sort(),
    ).toEqual(
      [...Object.values(HOOK_ROUTES), ...Object.values(VOICE_ROUTES)].map((path) => `POST ${path}`).sort(),
    );
    const servers = routes('hooks').map((route) => [route.properties.RouteKey, servedBy(route)]);
    const synchronous = Object.values(VOICE_ROUTES).map((path) => `POST ${path}`);
    for (const [routeKey, server] of servers) {
      expect(server).toBe(synchronous.includes(routeKey) ? 'answer-call' : 'receive-webhook');
    }
    expect(new Set(routes('hooks').map(({ properties }) => properties.AuthorizationType))).toEqual(
      new Set(['NONE']),
    );
  });

  test.each(Object.values<ApplicationRoute>(APPLICATION_ROUTES))(
    '$method $path is served by $servedBy under the scope $scope',
    ({ method, path, scope, servedBy: expected }) => {
      const route = routes('application').find(
        ({ properties }) => properties.RouteKey === `${method} ${path}`,
      );
      const { AuthorizationType, AuthorizationScopes } = route?.properties ?? {};

      expect(route === undefined ? undefined : servedBy(route)).toBe(expected);
      expect({ AuthorizationType, AuthorizationScopes }).toEqual(
        scope === 'open'
          ? { AuthorizationType: 'NONE', AuthorizationScopes: undefined }
          : { AuthorizationType: 'JWT', AuthorizationScopes: [`${scopePrefix}${scope}`] },
      );
    },
  );

  test('the application API has no route beside the contract', () => {
    expect(routes('application')).toHaveLength(Object.keys(APPLICATION_ROUTES).length);
  });

  test('every route may invoke its function, for this route only', () => {
    const permissions = of('AWS::Lambda::Permission').map(({ properties }) => properties);

    expect(permissions).toHaveLength(routes('hooks').length + routes('application').length);
    for (const { Principal, SourceArn } of permissions) {
      expect(Principal).toBe('apigateway.amazonaws.com');
      expect(JSON.stringify(SourceArn)).toMatch(/\/(twilio|v1)\//);
    }
  });

  test('stages are throttled and log neither path, query, address nor identity', () => {
    for (const { properties } of of('AWS::ApiGatewayV2::Stage')) {
      expect(properties.DefaultRouteSettings.ThrottlingRateLimit).toBeGreaterThan(0);
      expect(properties.DefaultRouteSettings.ThrottlingBurstLimit).toBeGreaterThan(0);
      expect(properties.AccessLogSettings.Format).toContain('$context.routeKey');
      expect(properties.AccessLogSettings.Format).not.toMatch(
        /\$context\.(path|identity|queryString|authorizer\.(claims|principal))/,
      );
    }
  });

  test('the open routes are throttled below the rest', () => {
    const stage = of('AWS::ApiGatewayV2::Stage').find((candidate) => apiName(candidate) === 'application');
    const { DefaultRouteSettings, RouteSettings } = stage?.properties ?? {};

    expect(Object.keys(RouteSettings).sort()).toEqual(['GET /v1/health', 'GET /v1/openapi.json']);
    for (const settings of Object.values<{ ThrottlingRateLimit: number }>(RouteSettings)) {
      expect(settings.ThrottlingRateLimit).toBeLessThan(DefaultRouteSettings.ThrottlingRateLimit);
    }
  });

  test('access logs are kept for a stated time under the log key', () => {
    const logs = of('AWS::Logs::LogGroup').filter(({ properties }) =>
      properties.LogGroupName.startsWith('/aws/apigateway/'),
    );

    expect(logs).toHaveLength(2);
    for (const { stack, properties } of logs) {
      expect(properties.RetentionInDays).toBeGreaterThan(0);
      expect(target(stack, properties.KmsKeyId)?.id).toMatch(/^LogKey/);
    }
  });

  test('the stacks tell where both APIs and the bus are', () => {
    expect(Object.keys(outputs[`trunkline-${environment}-ingress`] ?? {})).toEqual(
      expect.arrayContaining(['HooksUrl', 'ApplicationUrl']),
    );
    expect(Object.keys(outputs[`trunkline-${environment}-state`] ?? {})).toContain('EventBusName');
  });
});

describe('production', () => {
  const { of, target, outputs } = synthesized('production');

  test('closes the execute-api endpoint of both APIs, since both have a domain', () => {
    expect(
      of('AWS::ApiGatewayV2::Api').map(({ properties }) => properties.DisableExecuteApiEndpoint),
    ).toEqual([true, true]);
    expect(outputs['trunkline-production-ingress']?.ApplicationUrl.Value).toBe(
      'https://api.trunkline.example.com',
    );
  });

  test('asks for a client certificate on the application domain only', () => {
    const domains = of('AWS::ApiGatewayV2::DomainName').map(({ properties }) => [
      properties.DomainName,
      properties.MutualTlsAuthentication,
      properties.DomainNameConfigurations[0].SecurityPolicy,
    ]);

    expect(domains).toEqual([
      ['hooks.trunkline.example.com', undefined, 'TLS_1_2'],
      [
        'api.trunkline.example.com',
        { TruststoreUri: 's3://trunkline-production-truststore/clients.pem', TruststoreVersion: '1' },
        'TLS_1_2',
      ],
    ]);
  });

  test('lets machines ask for every scope of the contract and people only with a second factor', () => {
    const [server] = of('AWS::Cognito::UserPoolResourceServer');
    const [pool] = of('AWS::Cognito::UserPool');
    const [client] = of('AWS::Cognito::UserPoolClient');
    const [authorizer] = of('AWS::ApiGatewayV2::Authorizer');

    expect(server?.properties.Scopes.map(({ ScopeName }: { ScopeName: string }) => ScopeName)).toEqual([
      ...SCOPES,
    ]);
    expect(pool?.properties).toMatchObject({
      MfaConfiguration: 'ON',
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      DeletionProtection: 'ACTIVE',
    });
    expect(client?.properties.AllowedOAuthFlows).toEqual(['client_credentials']);
    expect(target('trunkline-production-ingress', authorizer?.properties.JwtConfiguration.Audience[0])).toBe(
      client,
    );
  });
});

describe('local', () => {
  const { of } = synthesized('local');

  test('leaves the execute-api endpoint open and trusts the issuer of the configuration', () => {
    expect(
      of('AWS::ApiGatewayV2::Api').map(({ properties }) => properties.DisableExecuteApiEndpoint),
    ).toEqual([false, false]);
    expect(of('AWS::ApiGatewayV2::Authorizer').map(({ properties }) => properties.JwtConfiguration)).toEqual([
      { Issuer: 'http://127.0.0.1:4002', Audience: ['trunkline'] },
    ]);
    expect(of('AWS::Cognito::UserPool')).toEqual([]);
  });
});
