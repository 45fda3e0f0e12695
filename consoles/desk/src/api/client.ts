/** One HTTP call to the platform; every refusal arrives as a Refusal. */

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field: string | null,
    readonly retryAfter: number | null,
  ) {
    super(message);
  }
}

let csrf = "";
let expired = (): void => {};

/** What to do when the session is over. */
export function whenExpired(act: () => void): void {
  expired = act;
}

/** The session is over: somebody ended it, or the person was switched off. */
export const expire = (): void => expired();

/** The token of the session that every change carries. */
export function useCsrf(token: string): void {
  csrf = token;
}

export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = method === "GET" ? {} : { "X-CSRF-Token": csrf };
  const isForm = body instanceof FormData;
  if (body !== undefined && !isForm) headers["Content-Type"] = "application/json";
  const response = await reach(`/api${path}`, {
    method,
    headers,
    body: isForm ? body : body === undefined ? undefined : JSON.stringify(body),
  });
  if (response.status === 401 && path !== "/session") expired();
  if (!response.ok) throw await refusal(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** Posts a form and tells of each line of JSON of the answer as it comes. */
export async function lines<T>(path: string, body: FormData, told: (line: T) => void): Promise<void> {
  const response = await reach(`/api${path}`, { method: "POST", headers: { "X-CSRF-Token": csrf }, body });
  if (response.status === 401) expired();
  if (!response.ok) throw await refusal(response);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const [...whole] = (held + part.value).split("\n");
    held = whole.pop()!;
    whole.filter(Boolean).forEach((line) => told(JSON.parse(line) as T));
  }
}

async function reach(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...request, credentials: "same-origin" });
  } catch {
    throw new Refusal(0, "offline", "the platform cannot be reached", null, null);
  }
}

async function refusal(response: Response): Promise<Refusal> {
  const retry = Number(response.headers.get("Retry-After"));
  const told = (await response.json().catch(() => null)) as { error?: Record<string, string | null> } | null;
  const { code, message, field } = told?.error ?? {};
  return new Refusal(response.status, code ?? "unavailable", message ?? response.statusText, field ?? null, retry || null);
}
