import { renderError, type TwilioError } from '../domain/twilio-error.ts';
import type { World } from '../engine/world.ts';
import type { AccountRecord } from '../state/simulator-state.ts';
import { json, type Reply } from './reply.ts';
import type { HttpRequest, Route } from './router.ts';

/** What a route of the 2010-04-01 API works on once the caller is known. */
export interface ApiCall {
  readonly world: World;
  readonly account: AccountRecord;
  readonly request: HttpRequest;
  readonly params: Readonly<Record<string, string>>;
  readonly form: URLSearchParams;
}

type ApiHandler = (call: ApiCall) => Reply | Promise<Reply>;

export interface ApiRoute {
  readonly method: Route['method'];
  /** Below `/2010-04-01/Accounts/{AccountSid}`. */
  readonly path: string;
  readonly handle: ApiHandler;
}

export const apiError = (error: TwilioError): Reply => json(error.status, renderError(error));
