import { RemovalPolicy, Token } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  ApiMapping,
  CfnStage,
  DomainName,
  HttpApi,
  type HttpRoute,
  HttpStage,
  LogGroupLogDestination,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { EnvironmentConfiguration } from '../config/environment-configuration.ts';
import { type Deployment, resourceName } from '../deployment.ts';
import { apiErrorsAlarm } from '../monitoring/alarms.ts';

type Throttle = EnvironmentConfiguration['hooks']['throttle'];
type DomainConfiguration = NonNullable<EnvironmentConfiguration['application']['domain']>;

export interface PublicApiProps {
  readonly deployment: Deployment;
  readonly name: 'hooks' | 'application';
  readonly description: string;
  readonly failureImpact: string;
  readonly throttle: Throttle;
  /** @default the API's own endpoint serves */
  readonly domain?: DomainConfiguration | undefined;
  /** Canonical origin that differs from domain and endpoint. @default derived */
  readonly origin?: string | undefined;
  readonly logKey: IKey;
}

/** A route and its key, `GET /v1/health`. */
export interface KeyedRoute {
  readonly key: string;
  readonly route: HttpRoute;
}

/**
 * What an access log line says. No path (it holds account ids and tokens), no query, no address and no identity of the
 * caller: the route, the verdict and the times are what an operator needs.
 */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  requestTime: '$context.requestTime',
  routeKey: '$context.routeKey',
  protocol: '$context.protocol',
  status: '$context.status',
  responseLength: '$context.responseLength',
  responseLatency: '$context.responseLatency',
  integrationLatency: '$context.integrationLatency',
  integrationError: '$context.integrationErrorMessage',
  authorizerError: '$context.authorizer.error',
} as const;

/**
 * An HTTP API with a canonical origin. Guarantees: throttled, access log without personal data, closed execute-api
 * endpoint where a custom domain is set (so that mutual TLS cannot be gone around), TLS 1.2 at least.
 */
export class PublicApi extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;
  /** Scheme and host, without a trailing slash; never taken from a request. */
  readonly origin: string;

  constructor(scope: Construct, id: string, props: PublicApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName: resourceName(props.deployment, props.name),
      description: props.description,
      createDefaultStage: false,
      disableExecuteApiEndpoint: props.domain !== undefined,
    });
    this.stage = this.createStage(props);
    if (props.domain !== undefined) this.mapDomain(props.domain);
    this.origin = canonicalOrigin(props, this.api);
    this.registerAlarms(props);
  }

  private createStage({ deployment, name, throttle, logKey }: PublicApiProps): HttpStage {
    const { retention, protection } = deployment.environment.configuration;
    const logGroup = new LogGroup(this, 'AccessLog', {
      logGroupName: `/aws/apigateway/${resourceName(deployment, name)}`,
      retention: retention.logDays,
      encryptionKey: logKey,
      removalPolicy: protection.retainOnDelete ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    return new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      detailedMetricsEnabled: true,
      throttle,
      accessLogSettings: {
        destination: new LogGroupLogDestination(logGroup),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
  }

  /** Throttles for single routes, below the stage's. API Gateway wants the routes to be there before their settings. */
  throttleRoutes(routes: readonly KeyedRoute[], throttle: Throttle): void {
    const settings = { DetailedMetricsEnabled: true, ...routeThrottle(throttle) };
    const stage = this.stage.node.defaultChild;
    if (!(stage instanceof CfnStage)) throw new Error('an HTTP stage without its CloudFormation resource');
    stage.routeSettings = Object.fromEntries(routes.map((route) => [route.key, settings]));
    this.stage.node.addDependency(...routes.map(({ route }) => route));
  }

  private mapDomain({ name, certificateArn, mutualTls }: DomainConfiguration): void {
    const domainName = new DomainName(this, 'Domain', {
      domainName: name,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      securityPolicy: SecurityPolicy.TLS_1_2,
      ...(mutualTls === undefined ? {} : { mtls: truststore(this, mutualTls) }),
    });
    new ApiMapping(this, 'Mapping', { api: this.api, domainName, stage: this.stage });
  }

  private registerAlarms({ deployment, name, failureImpact }: PublicApiProps): void {
    const { environment } = deployment;
    deployment.alarms.add(
      apiErrorsAlarm({ environment, apiId: this.api.apiId, subject: name, severity: 'page', failureImpact }),
    );
  }
}

const canonicalOrigin = ({ origin, domain }: PublicApiProps, api: HttpApi): string =>
  origin ?? (domain === undefined ? Token.asString(api.apiEndpoint) : `https://${domain.name}`);

const truststore = (
  scope: Construct,
  { truststoreUri, truststoreVersion }: NonNullable<DomainConfiguration['mutualTls']>,
) => {
  const { hostname, pathname } = new URL(truststoreUri);
  return {
    bucket: Bucket.fromBucketName(scope, 'Truststore', hostname),
    key: pathname.slice(1),
    ...(truststoreVersion === undefined ? {} : { version: truststoreVersion }),
  };
};

const routeThrottle = ({ rateLimit, burstLimit }: Throttle) => ({
  ThrottlingRateLimit: rateLimit,
  ThrottlingBurstLimit: burstLimit,
});
