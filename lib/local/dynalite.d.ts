declare module 'dynalite' {
  import type { EventEmitter } from 'node:events';
  import type { Server } from 'node:http';

  type Options = { path?: string; createTableMs?: number; updateTableMs?: number; deleteTableMs?: number };

  /** What the request handler reads of a request, and calls on a response. */
  type Request = EventEmitter & {
    method: string;
    url: string;
    headers: Readonly<Record<string, string | string[] | undefined>>;
  };
  type Response = {
    statusCode: number;
    setHeader(name: string, value: string | number): void;
    end(body?: string): void;
  };

  type DynaliteServer = Omit<Server, 'emit'> & {
    emit(event: 'request', request: Request, response: Response): boolean;
  };

  function dynalite(options?: Options): DynaliteServer;
  export = dynalite;
}
