import { type Page, pageOf } from '../../domain/list-messages.ts';
import type { WorkspaceRecord } from '../../domain/task-router/records.ts';
import { notFound, unauthenticated } from '../../domain/twilio-error.ts';
import type { World } from '../../engine/world.ts';
import { apiError } from '../api-call.ts';
import { authenticateAny } from '../authenticate.ts';
import { json, type Reply } from '../reply.ts';
import type { HttpRequest, Route } from '../router.ts';

/** What a route of TaskRouter works on once caller and workspace are known. */
export interface RouterCall {
  readonly world: World;
  readonly accountSid: string;
  readonly workspace: WorkspaceRecord;
  readonly request: HttpRequest;
  readonly params: Readonly<Record<string, string>>;
  readonly form: URLSearchParams;
}

export interface RouterRoute {
  readonly method: Route['method'];
  /** Below `/v1/Workspaces/{WorkspaceSid}`. */
  readonly path: string;
  readonly handle: (call: RouterCall) => Reply;
}

/** Subdomains of Twilio take the account's own credentials alone. */
export const inWorkspace =
  (world: World, handle: RouterRoute['handle']): Route['handle'] =>
  (request, params) => {
    const { authorization } = request.headers;
    const account = authenticateAny(
      typeof authorization === 'string' ? authorization : undefined,
      world.state.accounts,
    );
    if (!account) return apiError(unauthenticated());
    const workspace = world.state.taskRouter.workspaces[params.WorkspaceSid ?? ''];
    if (!workspace || workspace.accountSid !== account.accountSid) return apiError(notFound(request.path));
    const form = new URLSearchParams(request.body.toString('utf8'));
    return handle({ world, accountSid: account.accountSid, workspace, request, params, form });
  };

interface Listed {
  readonly key: string;
  readonly items: readonly { readonly sid: string }[];
  readonly render: (sid: string) => Record<string, unknown>;
}

/** The list envelope of Twilio's newer APIs. */
export function listReply(request: HttpRequest, { key, items, render }: Listed): Reply {
  const result = pageOf(items, request.query);
  if (result.kind === 'invalid') return apiError(result.error);
  const { page } = result;
  return json(200, { meta: metaOf(request, key, page), [key]: page.items.map(({ sid }) => render(sid)) });
}

function metaOf(request: HttpRequest, key: string, page: Page<unknown>): Record<string, unknown> {
  const url = (number: number, token?: string) => {
    const query = new URLSearchParams({ PageSize: `${page.pageSize}`, Page: `${number}` });
    if (token !== undefined) query.set('PageToken', token);
    return `https://taskrouter.twilio.com${request.path}?${query}`;
  };
  return {
    first_page_url: url(0),
    key,
    next_page_url: page.nextToken === undefined ? null : url(page.page + 1, page.nextToken),
    page: page.page,
    page_size: page.pageSize,
    previous_page_url: null,
    url: url(page.page),
  };
}
