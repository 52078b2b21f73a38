/**
 * Builds once, on the first call, and shares the promise. A failed build is not remembered: the next invocation
 * tries again instead of failing until Lambda replaces the sandbox.
 */
export const onColdStart = <Built>(build: () => Promise<Built> | Built): (() => Promise<Built>) => {
  let built: Promise<Built> | undefined;
  return () => {
    built ??= Promise.resolve()
      .then(build)
      .catch((error: unknown) => {
        built = undefined;
        throw error;
      });
    return built;
  };
};
