import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccountRecovery,
  FeaturePlan,
  Mfa,
  OAuthScope,
  StandardThreatProtectionMode,
  UserPool,
  type UserPoolClient,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { SCOPES, type Scope } from '../../functions/shared/contract/routes.ts';
import type { EnvironmentConfiguration } from '../config/environment-configuration.ts';
import { type Deployment, resourceName } from '../deployment.ts';

/** Who may call the application API: what a JWT must say. */
export interface TokenIssuer {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** A scope as this issuer writes it. */
  readonly scopeName: (scope: Scope) => string;
}

/** Name of the resource server: Cognito puts it before each scope, `trunkline/messages:send`. */
const RESOURCE_SERVER = 'trunkline';

type CognitoConfiguration = Extract<EnvironmentConfiguration['auth'], { kind: 'cognito' }>;

export interface ClientsProps {
  readonly deployment: Deployment;
  readonly cognito: CognitoConfiguration;
}

/**
 * The user pool of one deployment: people sign in with a second factor and cannot sign up by themselves; machines use
 * the client-credentials grant. API Gateway compares a Cognito access token's `client_id` with the audience.
 */
export class Clients extends Construct implements TokenIssuer {
  readonly userPool: UserPool;
  readonly machineClient: UserPoolClient;
  readonly issuer: string;
  readonly audience: readonly string[];

  constructor(scope: Construct, id: string, { deployment, cognito }: ClientsProps) {
    super(scope, id);
    this.userPool = this.createUserPool(deployment);
    this.userPool.addDomain('Domain', { cognitoDomain: { domainPrefix: cognito.domainPrefix } });
    this.machineClient = this.createMachineClient(deployment, cognito);
    this.issuer = this.userPool.userPoolProviderUrl;
    this.audience = [this.machineClient.userPoolClientId];
  }

  readonly scopeName = (scope: Scope): string => `${RESOURCE_SERVER}/${scope}`;

  private createUserPool(deployment: Deployment): UserPool {
    const { deletionProtection, retainOnDelete } = deployment.environment.configuration.protection;
    return new UserPool(this, 'UserPool', {
      userPoolName: resourceName(deployment, 'users'),
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      passwordPolicy: {
        minLength: 14,
        requireDigits: true,
        requireLowercase: true,
        requireSymbols: true,
        requireUppercase: true,
        tempPasswordValidity: Duration.days(3),
      },
      featurePlan: FeaturePlan.PLUS,
      standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION,
      deletionProtection,
      removalPolicy: retainOnDelete ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  private createMachineClient(deployment: Deployment, cognito: CognitoConfiguration): UserPoolClient {
    const scopes = SCOPES.map((scopeName) => ({ scopeName, scopeDescription: `Trunkline: ${scopeName}` }));
    const server = this.userPool.addResourceServer('ResourceServer', { identifier: RESOURCE_SERVER, scopes });
    return this.userPool.addClient('MachineClient', {
      userPoolClientName: resourceName(deployment, 'machine'),
      generateSecret: true,
      authFlows: {},
      oAuth: {
        flows: { clientCredentials: true },
        scopes: scopes.map((scope) => OAuthScope.resourceServer(server, scope)),
      },
      accessTokenValidity: Duration.minutes(cognito.accessTokenMinutes),
      enableTokenRevocation: true,
      preventUserExistenceErrors: true,
    });
  }
}

/** An issuer that exists already; its scopes carry the contract's names. */
export const existingIssuer = ({
  issuer,
  audience,
}: Extract<EnvironmentConfiguration['auth'], { kind: 'oidc' }>): TokenIssuer => ({
  issuer,
  audience,
  scopeName: (scope) => scope,
});
