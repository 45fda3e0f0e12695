/** `<script src="…/widget.js" data-site="demo" defer></script>` is all a page needs. */

import { render } from "preact";
import { App } from "./app";
import { languageOf } from "./words";
import type { SiteConfig } from "./protocol";
import style from "./style.css?inline";

const script = document.currentScript as HTMLScriptElement;

async function start(): Promise<void> {
  const { site = "demo", language = "auto", color, position = "right", open = "false", identity = null } = script.dataset;
  const server = new URL(script.src).origin;
  const answer = await fetch(`${server}/widget/config?site=${encodeURIComponent(site)}`);
  if (!answer.ok) throw new Error(`kefu: the site "${site}" is not known to ${server}`);
  const config = (await answer.json()) as SiteConfig;
  const host = document.createElement("div");
  host.id = "kefu";
  document.body.append(host);
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [sheet];
  render(
    <App server={server} site={site} config={config} color={color ?? config.color} side={position === "left" ? "left" : "right"}
      openAtOnce={open === "true"} language={languageOf(language, config.languages)} identity={identity} />,
    root,
  );
}

void start();
