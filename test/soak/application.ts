import { readLocalFile } from '../../bin/platform/local-file.ts';

/** The application API as the soak calls it. */
export interface Application {
  fetch(path: string, request?: RequestInit): Promise<Response>;
}

const FRESH_MILLISECONDS = 5 * 60_000;

/** With the token of `local.json`, which the platform renews: a soak may outlive any of them. */
export function reachApplication(stateDirectory: string): Application {
  let known: { readonly url: string; readonly token: string; readonly readAt: number } | undefined;
  const local = () => {
    if (known !== undefined && Date.now() - known.readAt < FRESH_MILLISECONDS) return known;
    const file = readLocalFile(stateDirectory);
    if (file === undefined) throw new Error('the platform has written no local.json');
    known = { url: file.applicationUrl, token: file.applicationToken, readAt: Date.now() };
    return known;
  };
  return {
    fetch: async (path, { headers, ...request } = {}) => {
      const { url, token } = local();
      const response = await fetch(`${url}${path}`, {
        ...request,
        headers: { authorization: `Bearer ${token}`, ...headers },
      });
      // Renewed meanwhile, or the issuer is too busy to show its keys: the next try reads it again.
      if (response.status === 401) known = undefined;
      return response;
    },
  };
}
