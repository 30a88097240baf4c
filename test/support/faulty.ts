/** What a call to a port does instead of its work. */
export type Fault =
  | { readonly kind: 'NONE' | 'THROWS' | 'REJECTS' | 'HANGS' }
  | { readonly kind: 'RETURNS'; readonly value: unknown };

/** A port every method of which fails in one way. A call that hangs does not heed its abort signal either. */
export function faulty<Port extends object>(port: Port, fault: Fault): Port {
  return new Proxy(port, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (...args: unknown[]): unknown => {
        switch (fault.kind) {
          case 'NONE':
            return Reflect.apply(method, target, args);
          case 'THROWS':
            throw new Error('fault');
          case 'REJECTS':
            return Promise.reject(new Error('fault'));
          case 'HANGS':
            return new Promise(() => undefined);
          case 'RETURNS':
            return Promise.resolve(fault.value);
        }
      };
    },
  });
}
