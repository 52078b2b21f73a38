import type { CorsSettings } from './cors.ts';
import type { JwtAuthorizer } from './jwt-authorizer.ts';

/** An HTTP API as its resources come in, one by one. */
export interface ApiPlan {
  readonly apiId: string;
  readonly stackName: string;
  readonly logicalId: string;
  readonly name: string;
  readonly port: number;
  readonly cors: CorsSettings | undefined;
  readonly integrations: Map<string, { readonly functionName: string; readonly timeoutMilliseconds: number }>;
  readonly authorizers: Map<string, JwtAuthorizer>;
  readonly routes: PlannedRoute[];
  stageVariables: Readonly<Record<string, string>>;
  hasStage: boolean;
}

export interface PlannedRoute {
  readonly routeKey: string;
  readonly integrationId: string;
  readonly authorizerId: string | undefined;
  readonly requiredScopes: readonly string[];
}
