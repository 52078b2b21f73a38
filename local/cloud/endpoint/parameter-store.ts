import { join } from 'node:path';
import * as z from 'zod';
import { jsonFile } from '../state/json-file.ts';
import { type ServiceApi, ServiceError } from './service-api.ts';

const parameterSchema = z.strictObject({
  type: z.string(),
  value: z.string(),
  version: z.number(),
  modifiedAt: z.number(),
  templateValue: z.string().optional(),
});
type StoredParameter = z.infer<typeof parameterSchema>;

const storeSchema = z.record(z.string(), parameterSchema);

/** SSM parameters, kept in one file. */
export class ParameterStore {
  readonly #file;
  readonly #parameters: Map<string, StoredParameter>;
  readonly arnPrefix: string;

  constructor(stateDirectory: string, arnPrefix: string) {
    this.#file = jsonFile(join(stateDirectory, 'parameters.json'), storeSchema, () => ({}));
    this.#parameters = new Map<string, StoredParameter>(Object.entries(this.#file.read()));
    this.arnPrefix = arnPrefix;
  }

  /** What a template declares; a value that was put since stays, until the template changes its own. */
  declare(name: string, type: string, value: string): void {
    const existing = this.#parameters.get(name);
    if (existing?.templateValue === value) return;
    this.put(name, type, value);
    const stored = this.#parameters.get(name);
    if (stored !== undefined) stored.templateValue = value;
    this.#save();
  }

  put(name: string, type: string, value: string): number {
    const existing = this.#parameters.get(name);
    const version = (existing?.version ?? 0) + 1;
    this.#parameters.set(name, {
      type,
      value,
      version,
      modifiedAt: Date.now() / 1000,
      ...(existing?.templateValue === undefined ? {} : { templateValue: existing.templateValue }),
    });
    this.#save();
    return version;
  }

  get(name: string): StoredParameter | undefined {
    return this.#parameters.get(name);
  }

  under(path: string, recursive: boolean): readonly string[] {
    const prefix = path.endsWith('/') ? path : `${path}/`;
    return [...this.#parameters.keys()].filter(
      (name) => name.startsWith(prefix) && (recursive || !name.slice(prefix.length).includes('/')),
    );
  }

  #save(): void {
    this.#file.write(Object.fromEntries(this.#parameters));
  }
}

const getInput = z.looseObject({ Name: z.string() });
const getManyInput = z.looseObject({ Names: z.array(z.string()) });
const pathInput = z.looseObject({ Path: z.string(), Recursive: z.boolean().default(false) });
const putInput = z.looseObject({
  Name: z.string(),
  Value: z.string(),
  Type: z.string().default('String'),
  Overwrite: z.boolean().default(false),
});

export function parametersApi(store: ParameterStore): ServiceApi {
  return {
    'AmazonSSM.GetParameter': (input) => ({ Parameter: shown(store, getInput.parse(input).Name) }),
    'AmazonSSM.GetParameters': (input) => {
      const { Names } = getManyInput.parse(input);
      const known = Names.filter((name) => store.get(name) !== undefined);
      return {
        Parameters: known.map((name) => shown(store, name)),
        InvalidParameters: Names.filter((name) => !known.includes(name)),
      };
    },
    'AmazonSSM.GetParametersByPath': (input) => {
      const { Path, Recursive } = pathInput.parse(input);
      return { Parameters: store.under(Path, Recursive).map((name) => shown(store, name)) };
    },
    'AmazonSSM.PutParameter': (input) => {
      const { Name, Value, Type, Overwrite } = putInput.parse(input);
      if (store.get(Name) !== undefined && !Overwrite) {
        throw new ServiceError('ParameterAlreadyExists', 'The parameter already exists.');
      }
      return { Version: store.put(Name, store.get(Name)?.type ?? Type, Value), Tier: 'Standard' };
    },
  };
}

function shown(store: ParameterStore, Name: string): unknown {
  const found = store.get(Name);
  if (found === undefined) throw new ServiceError('ParameterNotFound', `Parameter ${Name} not found.`);
  const { type, value, version, modifiedAt } = found;
  const ARN = `${store.arnPrefix}:parameter/${Name.replace(/^\//, '')}`;
  return {
    Name,
    ARN,
    Type: type,
    Value: value,
    Version: version,
    LastModifiedDate: modifiedAt,
    DataType: 'text',
  };
}
