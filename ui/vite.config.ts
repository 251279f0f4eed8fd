// The build of the console: into build/ui of the repository, each file that pays also as NAME.br and NAME.gz, which the
// server gives to browsers that take them. `npm run dev` serves it with reload and passes /api on to a running clarion.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const smallest = 1024;

function compressed(): Plugin {
  let folder = '';
  return {
    name: 'compressed',
    apply: 'build',
    configResolved: (config) => {
      folder = join(config.root, config.build.outDir);
    },
    closeBundle: () => {
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        const file = join(entry.parentPath, entry.name);
        if (!entry.isFile() || /\.(woff2|png|gz|br)$/.test(entry.name)) continue;
        const body = readFileSync(file);
        if (body.length < smallest) continue;
        writeFileSync(`${file}.gz`, gzipSync(body, { level: 9 }));
        writeFileSync(`${file}.br`, brotliCompressSync(body));
      }
    },
  };
}

// Cloudscape's global styles carry their fonts inside; as files they are loaded only when a text needs them, and the
// content security policy needs no data: for fonts.
function fontFiles(): Plugin {
  return {
    name: 'font-files',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('global-styles/index.css')) return null;
      return code.replace(
        /url\(["']?data:(?:font\/woff2|application\/[a-z-]*woff2)[^,]*;base64,([^"')]+)["']?\)/g,
        (_, font: string) => {
          const file = this.emitFile({ type: 'asset', name: 'open-sans.woff2', source: Buffer.from(font, 'base64') });
          return `url(__VITE_ASSET__${file}__)`;
        },
      );
    },
  };
}

export default defineConfig({
  plugins: [fontFiles(), react(), compressed()],
  build: {
    outDir: '../build/ui',
    emptyOutDir: true,
    // A data: address would need a wider content security policy.
    assetsInlineLimit: 0,
    target: 'es2022',
    chunkSizeWarningLimit: 1200,
  },
  server: { proxy: { '/api': process.env.CLARION_SERVER ?? 'http://localhost:5000' } },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
});
