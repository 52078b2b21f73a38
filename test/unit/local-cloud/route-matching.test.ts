import { describe, expect, test } from '@jest/globals';
import { matchRoute } from '../../../local/cloud/http-api/route-matching.ts';

const routes = [
  '$default',
  'ANY /pets/{proxy+}',
  'GET /pets/{id}',
  'GET /pets/dogs',
  'ANY /pets/{id}',
  'POST /a/{x}/c',
  'POST /{x}/b/c',
  'GET /',
].map((routeKey) => ({ routeKey }));

describe('route selection of an HTTP API', () => {
  test.each([
    ['GET', '/pets/dogs', 'GET /pets/dogs', {}],
    ['GET', '/pets/7', 'GET /pets/{id}', { id: '7' }],
    ['PUT', '/pets/7', 'ANY /pets/{id}', { id: '7' }],
    ['GET', '/pets/7/toys/1', 'ANY /pets/{proxy+}', { proxy: '7/toys/1' }],
    ['POST', '/a/b/c', 'POST /a/{x}/c', { x: 'b' }],
    ['POST', '/z/b/c', 'POST /{x}/b/c', { x: 'z' }],
    ['GET', '/', 'GET /', {}],
    ['GET', '/nowhere', '$default', {}],
    ['GET', '/pets', '$default', {}],
    ['GET', '/pets/', '$default', {}],
  ])('%s %s is %s', (method, path, routeKey, pathParameters) => {
    expect(matchRoute(routes, method, path)).toEqual({ route: { routeKey }, pathParameters });
  });

  test('without $default nothing matches an unknown path, a method that no route names, or a longer path', () => {
    const few = [{ routeKey: 'POST /v1/messages' }];
    expect(matchRoute(few, 'POST', '/v1/message')).toBeUndefined();
    expect(matchRoute(few, 'GET', '/v1/messages')).toBeUndefined();
    expect(matchRoute(few, 'POST', '/v1/messages/1')).toBeUndefined();
  });
});
