import { useEffect, useRef, useState } from "preact/hooks";
import { Clip, Smile } from "./icons";
import type { Attachment } from "./protocol";
import type { Words } from "./words";

const EMOJI = [..."😀😊😂🥰😎🤔😢😡👍👎🙏👏💪🎉❤️🔥"].filter((sign) => sign !== "\ufe0f");
const TYPING_MS = 3000;
const FILE_BYTES = 10 * 1024 * 1024;

interface Props {
  words: Words; server: string; token: string; send: (text: string, files?: Attachment[]) => void; typing: (on: boolean) => void;
}

export function Composer({ words, server, token, send, typing }: Props) {
  const [text, setText] = useState("");
  const [emoji, setEmoji] = useState(false);
  const [upload, setUpload] = useState<{ name: string; percent: number; error: string } | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const stopTyping = useRef(0);
  useEffect(() => area.current?.focus(), []);

  function change(value: string): void {
    setText(value);
    if (!stopTyping.current) typing(true);
    clearTimeout(stopTyping.current);
    stopTyping.current = window.setTimeout(() => { stopTyping.current = 0; typing(false); }, TYPING_MS);
  }
  function submit(event?: Event): void {
    event?.preventDefault();
    if (!text.trim()) return;
    send(text.trim());
    setText("");
    setEmoji(false);
    area.current?.focus();
  }
  function attach(files: FileList | null | undefined): void {
    for (const file of files ?? []) {
      if (file.size > FILE_BYTES) setUpload({ name: file.name, percent: 0, error: words.refused.too_large! });
      else put(server, token, file, (percent) => setUpload({ name: file.name, percent, error: "" }))
        .then((kept) => { setUpload(null); send("", [kept]); })
        .catch((error: Error) => setUpload({ name: file.name, percent: 0, error: words.refused[error.message] ?? words.upload_failed }));
    }
  }
  return (
    <div onDragOver={(event) => event.preventDefault()} onDrop={(event) => { event.preventDefault(); attach(event.dataTransfer?.files); }}>
      {upload && (
        <div class="note" role="status">
          <b>{upload.name}: {upload.error || `${upload.percent} %`}</b>
          {upload.error && <button aria-label={words.close} onClick={() => setUpload(null)}>✕</button>}
        </div>
      )}
      {emoji && <div class="emoji">{EMOJI.map((sign) => <button key={sign} type="button" onClick={() => { change(text + sign); area.current?.focus(); }}>{sign}</button>)}</div>}
      <form class="write" onSubmit={submit}>
        <label class="icon" title={words.attach}>
          <Clip />
          <input class="hidden" type="file" multiple aria-label={words.attach} onChange={(event) => { attach(event.currentTarget.files); event.currentTarget.value = ""; }} />
        </label>
        <button class="icon" type="button" aria-label={words.emoji} aria-expanded={emoji} onClick={() => setEmoji(!emoji)}><Smile /></button>
        <textarea ref={area} value={text} rows={1} maxLength={4000} placeholder={words.write} aria-label={words.write}
          onInput={(event) => change(event.currentTarget.value)} onPaste={(event) => attach(event.clipboardData?.files)}
          onKeyDown={(event) => event.key === "Enter" && !event.shiftKey && !event.isComposing && submit(event)} />
        <button class="primary" type="submit" disabled={!text.trim()}>{words.send}</button>
      </form>
    </div>
  );
}

/** Upload with progress, which fetch does not tell. Fails with the code of the refusal. */
function put(server: string, token: string, file: File, progress: (percent: number) => void): Promise<Attachment> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.responseType = "json";
    request.open("POST", `${server}/widget/files`);
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.upload.onprogress = (event) => progress(Math.round((100 * event.loaded) / event.total));
    request.onerror = () => reject(new Error(""));
    request.onload = () => {
      const body = request.response as (Attachment & { error?: { code: string } }) | null; // a proxy answers without
      if (body && request.status < 300) resolve(body);
      else reject(new Error(body?.error?.code));
    };
    const form = new FormData();
    form.append("file", file);
    request.send(form);
  });
}
