/**
 * One HTTPS service of one BMC, with every verb; who asks adds its own authorisation. Simulated
 * controllers stand behind the same port, in one process and without sockets.
 */
export interface RedfishTransport {
  /** One at a time. Throws DoorError where nothing came that can be read: nobody knows what was done. */
  send(request: RedfishRequest, signal: AbortSignal): Promise<RedfishAnswer>;
  close(): void;
}

export interface RedfishRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PATCH" | "DELETE";
  /** Path and query, never a whole URL. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string | null;
}

export interface RedfishAnswer {
  readonly status: number;
  /** Names in lower case; the last where one came twice. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** `text` ends at `bodyBytesMax`. */
  readonly isCut: boolean;
}
