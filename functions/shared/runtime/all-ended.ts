/**
 * As Promise.all, but over only when all of it is: what still runs when a function answers goes on at the sandbox's next
 * thaw, in the middle of another invocation.
 */
export const allEnded = async <Value>(work: readonly Promise<Value>[]): Promise<Value[]> => {
  const results = await Promise.allSettled(work);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
};
