import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';

/** One request and its answer, as they went over the wire. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly form: readonly string[];
  readonly status: number;
  readonly body: string;
}

export interface TwilioOpenApi {
  /** What is wrong with an exchange according to the description; empty where nothing is. */
  problemsOf(exchange: Exchange): string[];
}

type Json = { [key: string]: unknown };
interface Operation {
  readonly parameters?: readonly { name: string; in: string }[];
  readonly requestBody?: { content: Record<string, { schema: { properties?: Json; required?: string[] } }> };
  readonly responses: Record<string, { content?: Record<string, { schema: Json }> }>;
}
interface Document {
  readonly paths: Record<string, Record<string, Operation> & { parameters?: Operation['parameters'] }>;
  readonly components: Json;
}

const folder = resolve(process.env.TWILIO_OPENAPI_DIR ?? '../shared/twilio-openapi');

/** Twilio's own description (github.com/twilio/twilio-oai), or undefined and a loud warning where it is not there. */
export function loadTwilioOpenApi(name: string): TwilioOpenApi | undefined {
  const path = join(folder, `${name}.json`);
  if (existsSync(path)) return readDocument(JSON.parse(readFileSync(path, 'utf8')) as Document);
  process.stderr.write(
    `\n!!! SKIPPED: Twilio's OpenAPI description ${path} is absent; set TWILIO_OPENAPI_DIR to its folder.\n\n`,
  );
  return undefined;
}

function readDocument(document: Document): TwilioOpenApi {
  const ajv = new Ajv({ strict: false, allErrors: true });
  for (const format of [
    ...[
      'uri',
      'uri-map',
      'currency',
      'http-method',
      'phone-number',
      'phone-number-capabilities',
      'date-time',
    ],
  ]) {
    ajv.addFormat(format, true);
  }
  ajv.addFormat('date-time-rfc-2822', /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/);
  ajv.addSchema({ $id: 'twilio', components: convert(document.components) as Json });
  return { problemsOf };

  function problemsOf(exchange: Exchange): string[] {
    const url = new URL(exchange.url);
    const template = Object.keys(document.paths).find((path) => matches(path, url.pathname));
    const operation = template && document.paths[template]?.[exchange.method.toLowerCase()];
    if (!operation) return [`${exchange.method} ${url.pathname} is not described`];
    const where = `${exchange.method} ${template}`;
    return [...requestProblems(operation, url, exchange), ...answerProblems(operation, exchange)].map(
      (problem) => `${where}: ${problem}`,
    );
  }

  function requestProblems(operation: Operation, url: URL, { form }: Exchange): string[] {
    const queries = (operation.parameters ?? [])
      .filter((each) => each.in === 'query')
      .map(({ name }) => name);
    const body = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
    const fields = Object.keys(body?.properties ?? {});
    return [
      ...[...url.searchParams.keys()]
        .filter((name) => !queries.includes(name))
        .map((name) => `query ${name}`),
      ...form.filter((name) => !fields.includes(name)).map((name) => `form field ${name}`),
    ];
  }

  function answerProblems(operation: Operation, { status, body }: Exchange): string[] {
    const response = operation.responses[`${status}`];
    if (!response) return [`status ${status} is not described`];
    const schema = Object.values(response.content ?? {})[0]?.schema;
    if (!schema) return body === '' ? [] : ['a body where none is described'];
    const validate = ajv.compile(convert(schema) as Json);
    return validate(JSON.parse(body))
      ? []
      : (validate.errors ?? []).map(({ instancePath, message, params }) =>
          [instancePath, message, JSON.stringify(params)].join(' '),
        );
  }
}

function matches(template: string, path: string): boolean {
  const pattern = template.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+?');
  return new RegExp(`^${pattern}$`).test(path);
}

/** OpenAPI 3.0 to JSON Schema: `nullable`, references, and every described property demanded, no other allowed. */
function convert(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(convert);
  if (typeof node !== 'object' || node === null) return node;
  const { nullable, $ref, description: _, ...rest } = node as Json;
  if (typeof $ref === 'string') return { $ref: `twilio${$ref}` };
  const schema = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, convert(value)]));
  if (nullable === true && typeof schema.type === 'string') schema.type = [schema.type, 'null'];
  if (nullable === true && Array.isArray(schema.enum)) schema.enum = [...schema.enum, null];
  if (typeof schema.properties === 'object' && schema.properties !== null && schema.type !== undefined) {
    schema.required = Object.keys(schema.properties);
    schema.additionalProperties = false;
  }
  return schema;
}
