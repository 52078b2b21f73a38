import {
  HttpAuthorizer,
  HttpAuthorizerType,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  type IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Construct } from 'constructs';
import { APPLICATION_ROUTES, type ApplicationRoute } from '../../functions/shared/contract/routes.ts';
import { acknowledge } from '../checks/acknowledge.ts';
import type { TokenIssuer } from './clients.ts';
import type { KeyedRoute, PublicApi } from './public-api.ts';
import type { TrunklineFunction } from './trunkline-function.ts';

/** The application API as a stack sees it that adds routes to it. */
export interface ApplicationApi {
  readonly publicApi: PublicApi;
  readonly authorizer: IHttpRouteAuthorizer;
  readonly issuer: TokenIssuer;
}

/** Creates, in the scope's stack, every route of the contract that this function serves, with the route's own scope. */
export const serveRoutes = (
  scope: Construct,
  api: ApplicationApi,
  servedBy: ApplicationRoute['servedBy'],
  served: TrunklineFunction,
): readonly KeyedRoute[] => {
  const integration = new HttpLambdaIntegration(`${servedBy}-integration`, served.function);
  return Object.entries<ApplicationRoute>(APPLICATION_ROUTES)
    .filter(([, route]) => route.servedBy === servedBy)
    .map(([name, route]) => {
      const created = new HttpRoute(scope, `Route-${name}`, {
        httpApi: api.publicApi.api,
        integration,
        routeKey: HttpRouteKey.with(route.path, HttpMethod[route.method]),
        ...admission(api, route),
      });
      if (route.scope === 'open') acknowledge(created, 'openByContract');
      return { key: `${route.method} ${route.path}`, route: created };
    });
};

const admission = ({ authorizer, issuer }: ApplicationApi, { scope }: ApplicationRoute) =>
  scope === 'open' ? {} : { authorizer, authorizationScopes: [issuer.scopeName(scope)] };

/** A JWT authorizer of the API, usable by routes of any stack. */
export const createAuthorizer = (
  scope: Construct,
  publicApi: PublicApi,
  issuer: TokenIssuer,
): IHttpRouteAuthorizer => {
  const authorizer = new HttpAuthorizer(scope, 'Authorizer', {
    httpApi: publicApi.api,
    authorizerName: 'jwt',
    type: HttpAuthorizerType.JWT,
    identitySource: ['$request.header.Authorization'],
    jwtIssuer: issuer.issuer,
    jwtAudience: [...issuer.audience],
  });
  return HttpAuthorizer.fromHttpAuthorizerAttributes(scope, 'AuthorizerReference', {
    authorizerId: authorizer.authorizerId,
    authorizerType: HttpAuthorizerType.JWT,
  });
};
