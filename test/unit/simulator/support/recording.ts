import { readFileSync } from 'node:fs';

/** The data in `test/recordings/<name>.json`; the caller says what it looks like. */
export function readRecording<Shape>(name: string): Shape {
  const path = new URL(`../../../recordings/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as Shape;
}
