/** CORS settings of an HTTP API, as its template has them. */
export interface CorsSettings {
  readonly AllowOrigins?: readonly string[] | undefined;
  readonly AllowMethods?: readonly string[] | undefined;
  readonly AllowHeaders?: readonly string[] | undefined;
  readonly ExposeHeaders?: readonly string[] | undefined;
  readonly AllowCredentials?: boolean | undefined;
  readonly MaxAge?: number | undefined;
}

/** The headers that the API adds to an answer; none for an origin that is not allowed. */
export function corsHeaders(
  settings: CorsSettings | undefined,
  origin: string | undefined,
  isPreflight: boolean,
): Readonly<Record<string, string>> {
  const allowed = settings?.AllowOrigins ?? [];
  if (settings === undefined || origin === undefined) return {};
  if (!allowed.includes('*') && !allowed.includes(origin)) return {};
  const list = (name: string, values: readonly string[] | undefined): Record<string, string> =>
    values === undefined || values.length === 0 ? {} : { [name]: values.join(',') };
  return {
    'access-control-allow-origin': allowed.includes('*') ? '*' : origin,
    ...(settings.AllowCredentials === true ? { 'access-control-allow-credentials': 'true' } : {}),
    ...list('access-control-expose-headers', settings.ExposeHeaders),
    ...(isPreflight ? list('access-control-allow-methods', settings.AllowMethods) : {}),
    ...(isPreflight ? list('access-control-allow-headers', settings.AllowHeaders) : {}),
    ...(isPreflight && settings.MaxAge !== undefined
      ? { 'access-control-max-age': String(settings.MaxAge) }
      : {}),
  };
}
