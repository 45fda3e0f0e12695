// The promise to every page that embeds us: at most 15 kB on the wire.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT = 15 * 1024;
const size = gzipSync(readFileSync(new URL("dist/widget.js", import.meta.url)), { level: 9 }).length;
console.log(`widget.js: ${(size / 1024).toFixed(1)} kB gzipped`);
if (size > LIMIT) {
  console.error(`more than ${LIMIT / 1024} kB`);
  process.exit(1);
}
