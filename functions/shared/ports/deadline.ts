/** What the work comes to, or the word `deadline` if that takes longer; the work itself is not stopped. */
export type Within = <Result>(milliseconds: number, work: Promise<Result>) => Promise<Result | 'deadline'>;
