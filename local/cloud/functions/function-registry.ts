import type { FunctionDefinition, InvocationResult } from './function-definition.ts';
import type { FunctionLogs } from './function-log.ts';
import { FunctionPool, type PoolLimits } from './function-pool.ts';

/** Every function of the platform by name. */
export class FunctionRegistry {
  readonly #pools = new Map<string, FunctionPool>();
  readonly #logs: FunctionLogs;
  readonly #limits: PoolLimits;

  constructor(logs: FunctionLogs, limits: PoolLimits) {
    this.#logs = logs;
    this.#limits = limits;
  }

  define(definition: FunctionDefinition): void {
    const { name } = definition;
    if (this.#pools.has(name)) throw new Error(`two functions are named ${name}`);
    this.#pools.set(name, new FunctionPool(definition, this.#logs.loggerFor(name), this.#limits));
  }

  get definitions(): readonly FunctionDefinition[] {
    return [...this.#pools.values()].map((pool) => pool.definition);
  }

  has(name: string): boolean {
    return this.#pools.has(name);
  }

  hasRoom(name: string): boolean {
    return this.#pool(name).hasRoom;
  }

  definition(name: string): FunctionDefinition {
    return this.#pool(name).definition;
  }

  /** @param payload JSON text. @throws when there is no such function */
  invoke(name: string, payload: string, requestId?: string): Promise<InvocationResult> {
    return this.#pool(name).invoke(payload, requestId);
  }

  /** @returns how many workers were ended */
  async kill(name?: string): Promise<number> {
    const pools = name === undefined ? [...this.#pools.values()] : [this.#pool(name)];
    const counts = await Promise.all(pools.map((pool) => pool.kill()));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.stop()));
    await this.#logs.close();
  }

  #pool(name: string): FunctionPool {
    const pool = this.#pools.get(name);
    if (pool === undefined) throw new Error(`there is no function named ${name}`);
    return pool;
  }
}
