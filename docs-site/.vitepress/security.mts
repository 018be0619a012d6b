// A Content-Security-Policy in every page: scripts of this site only, inline ones by their hash, and no
// connection to anywhere else.

import { createHash } from "node:crypto";

const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

export function contentSecurityPolicy(html: string): string {
    const inline = [...html.matchAll(/<script(?![^>]*\bsrc=)(?![^>]*type="application\/json")[^>]*>([\s\S]*?)<\/script>/g)];
    const policy = [
        "default-src 'none'",
        `script-src 'self' 'wasm-unsafe-eval' ${inline.map((match) => hashOf(match[1]!)).join(" ")}`.trim(),
        // Editors and highlighted code carry their own styles.
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    ].join("; ");
    return html.replace(/<head>/, `<head>\n    <meta http-equiv="Content-Security-Policy" content="${policy}">`);
}
