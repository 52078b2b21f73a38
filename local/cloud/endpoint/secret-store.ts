import { createHash, randomInt, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { jsonFile } from '../state/json-file.ts';
import { ServiceError } from './service-api.ts';

const versionSchema = z.strictObject({
  secretString: z.string().optional(),
  secretBinary: z.string().optional(),
  stages: z.array(z.string()),
  createdAt: z.number(),
});
type SecretVersion = z.infer<typeof versionSchema>;

const secretSchema = z.strictObject({
  arn: z.string(),
  description: z.string().optional(),
  createdAt: z.number(),
  /** Digest of the value that the template gave, to see when it gives another one. */
  templateDigest: z.string().optional(),
  versions: z.record(z.string(), versionSchema),
});
type Secret = z.infer<typeof secretSchema>;

const storeSchema = z.record(z.string(), secretSchema);

export interface SecretValue {
  readonly secretString?: string | undefined;
  readonly secretBinary?: string | undefined;
}

export interface FoundVersion extends SecretValue {
  readonly name: string;
  readonly arn: string;
  readonly versionId: string;
  readonly stages: readonly string[];
  readonly createdAt: number;
}

const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';

/** Secrets with versions and stages, kept in one file that only its owner can read. */
export class SecretStore {
  readonly #file;
  readonly #secrets: Map<string, Secret>;
  readonly #arnPrefix: string;

  constructor(stateDirectory: string, arnPrefix: string) {
    this.#file = jsonFile(join(stateDirectory, 'secrets.json'), storeSchema, () => ({}));
    this.#secrets = new Map<string, Secret>(Object.entries(this.#file.read()));
    this.#arnPrefix = arnPrefix;
  }

  /**
   * What a template declares: created with its value; a value that was put since stays, until the template changes its own.
   * @param value of a secret that is new, or whose template value changed
   */
  declare(name: string, templateText: string, value: () => SecretValue): string {
    const templateDigest = createHash('sha256').update(templateText).digest('hex');
    const existing = this.#secrets.get(name);
    if (existing !== undefined && existing.templateDigest === templateDigest) return existing.arn;
    if (existing === undefined) this.create(name, value());
    else this.put(name, value());
    const secret = this.#get(name);
    secret.templateDigest = templateDigest;
    this.#save();
    return secret.arn;
  }

  create(name: string, value: SecretValue, description?: string, versionId: string = randomUUID()): string {
    if (this.#secrets.has(name))
      throw new ServiceError('ResourceExistsException', `The secret ${name} already exists.`);
    const suffix = createHash('sha256')
      .update(name)
      .digest('base64url')
      .replaceAll(/[^A-Za-z]/g, '')
      .slice(0, 6);
    const arn = `${this.#arnPrefix}:secret:${name}-${suffix}`;
    this.#secrets.set(name, { arn, description, createdAt: nowSeconds(), versions: {} });
    if (value.secretString !== undefined || value.secretBinary !== undefined)
      this.put(name, value, versionId);
    this.#save();
    return arn;
  }

  put(
    id: string,
    value: SecretValue,
    versionId: string = randomUUID(),
    stages: readonly string[] = [CURRENT],
  ): FoundVersion {
    const secret = this.#get(id);
    const existing = secret.versions[versionId];
    if (existing !== undefined && existing.secretString !== value.secretString) {
      throw new ServiceError(
        'ResourceExistsException',
        'A resource with the ID you requested already exists.',
      );
    }
    secret.versions[versionId] ??= { ...value, stages: [], createdAt: nowSeconds() };
    for (const stage of stages) this.#moveStage(secret, stage, versionId);
    this.#save();
    return this.find(id, { versionId });
  }

  find(
    id: string,
    wanted: { readonly versionId?: string | undefined; readonly stage?: string | undefined },
  ): FoundVersion {
    const secret = this.#get(id);
    const stage = wanted.stage ?? (wanted.versionId === undefined ? CURRENT : undefined);
    const found = Object.entries(secret.versions).find(
      ([versionId, version]) =>
        (wanted.versionId === undefined || versionId === wanted.versionId) &&
        (stage === undefined || version.stages.includes(stage)),
    );
    if (found === undefined) {
      const message = `Secrets Manager can't find the specified secret value for ${stage === undefined ? 'VersionId' : `staging label: ${stage}`}`;
      throw new ServiceError('ResourceNotFoundException', message);
    }
    const [versionId, version] = found;
    return { ...version, name: this.#nameOf(id), arn: secret.arn, versionId };
  }

  describe(id: string): Secret & { readonly name: string } {
    return { ...this.#get(id), name: this.#nameOf(id) };
  }

  moveStage(
    id: string,
    stage: string,
    toVersionId: string | undefined,
    fromVersionId: string | undefined,
  ): void {
    const secret = this.#get(id);
    if (fromVersionId !== undefined && !secret.versions[fromVersionId]?.stages.includes(stage)) {
      throw new ServiceError(
        'InvalidParameterException',
        `The staging label ${stage} is not attached to ${fromVersionId}.`,
      );
    }
    if (toVersionId === undefined) detach(Object.values(secret.versions), stage);
    else this.#moveStage(secret, stage, toVersionId);
    this.#save();
  }

  get names(): readonly string[] {
    return [...this.#secrets.keys()];
  }

  #moveStage(secret: Secret, stage: string, toVersionId: string): void {
    const target = secret.versions[toVersionId];
    if (target === undefined) {
      throw new ServiceError(
        'ResourceNotFoundException',
        "Secrets Manager can't find the specified secret version.",
      );
    }
    const versions = Object.values(secret.versions);
    const current = versions.find((version) => version.stages.includes(CURRENT));
    detach(versions, stage);
    target.stages.push(stage);
    if (stage !== CURRENT || current === undefined || current === target) return;
    detach(versions, PREVIOUS);
    current.stages.push(PREVIOUS);
  }

  #get(id: string): Secret {
    const secret = this.#secrets.get(this.#nameOf(id));
    if (secret !== undefined) return secret;
    throw new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }

  /** A secret is asked for by name, by ARN, or by its ARN without the random end. */
  #nameOf(id: string): string {
    if (this.#secrets.has(id)) return id;
    const byArn = [...this.#secrets].find(([, { arn }]) => arn === id || arn.replace(/-[^-]+$/, '') === id);
    return byArn?.[0] ?? id;
  }

  #save(): void {
    this.#file.write(Object.fromEntries(this.#secrets));
  }
}

function detach(versions: readonly SecretVersion[], stage: string): void {
  for (const version of versions) version.stages = version.stages.filter((each) => each !== stage);
}

const nowSeconds = (): number => Date.now() / 1000;

export interface PasswordRules {
  readonly PasswordLength?: number | undefined;
  readonly ExcludeCharacters?: string | undefined;
  readonly ExcludeLowercase?: boolean | undefined;
  readonly ExcludeUppercase?: boolean | undefined;
  readonly ExcludeNumbers?: boolean | undefined;
  readonly ExcludePunctuation?: boolean | undefined;
  readonly IncludeSpace?: boolean | undefined;
  readonly RequireEachIncludedType?: boolean | undefined;
}

/** A password by the rules of `GenerateSecretString`. @throws when the rules leave no character */
export function generatePassword(rules: PasswordRules): string {
  const kinds = [
    rules.ExcludeLowercase === true ? '' : 'abcdefghijklmnopqrstuvwxyz',
    rules.ExcludeUppercase === true ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    rules.ExcludeNumbers === true ? '' : '0123456789',
    rules.ExcludePunctuation === true ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    rules.IncludeSpace === true ? ' ' : '',
  ]
    .map((kind) => [...kind].filter((letter) => !rules.ExcludeCharacters?.includes(letter)).join(''))
    .filter((kind) => kind !== '');
  const letters = kinds.join('');
  if (letters === '') throw new Error('the rules of GenerateSecretString leave no character');
  const length = rules.PasswordLength ?? 32;
  const must = rules.RequireEachIncludedType === false ? [] : kinds.map(oneOf);
  const rest = Array.from({ length: Math.max(0, length - must.length) }, () => oneOf(letters));
  return shuffled([...must, ...rest])
    .join('')
    .slice(0, length);
}

const oneOf = (letters: string): string => letters.charAt(randomInt(letters.length));

function shuffled(letters: readonly string[]): string[] {
  return letters
    .map((letter) => ({ letter, place: randomInt(2 ** 40) }))
    .sort((left, right) => left.place - right.place)
    .map(({ letter }) => letter);
}
