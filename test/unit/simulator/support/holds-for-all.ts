import * as fc from 'fast-check';

/** `fc.assert` for a synchronous property: its overload for asynchronous ones misleads the floating-promise rule. */
export const holdsForAll: <Values>(property: fc.IProperty<Values>) => void = fc.assert;
