// The build of the console: into build/ui of the repository, each file that pays also as NAME.br and NAME.gz, which the
// server gives to browsers that take them. `npm run dev` serves it with reload and passes /api on to a running clarion.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import type { Plugin, Rollup } from 'vite';
import { defineConfig } from 'vitest/config';

const smallest = 1024;
type GetModuleInfo = Rollup.GetModuleInfo;

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

// Parts of Cloudscape that stand in what is loaded first and are seldom or never drawn, by what they export: each is loaded
// when it is first drawn. With them go libraries to drag and drop and to read messages in other languages.
const seldomDrawn: Record<string, string> = {
  'components/error-boundary/fallback.js': 'ErrorBoundaryFallback',
  'components/internal/components/sortable-area/index.js': 'default',
};

function drawnLater(): Plugin {
  const missing = new Set(Object.keys(seldomDrawn));
  return {
    name: 'drawn-later',
    apply: 'build',
    enforce: 'pre',
    load(id) {
      const found = Object.entries(seldomDrawn).find(([file]) => id.endsWith(`@cloudscape-design/${file}`));
      if (!found) return null;
      const [file, name] = found;
      missing.delete(file);
      return [
        "import { createElement, lazy, Suspense } from 'react';",
        `const Part = lazy(() => import(${JSON.stringify(`${id}?part`)}).then((m) => ({ default: m.${name} })));`,
        'const Later = (props) => createElement(Suspense, { fallback: null }, createElement(Part, props));',
        `export { Later as ${name} };`,
      ].join('\n');
    },
    buildEnd(error) {
      if (!error && missing.size > 0) this.error(`Cloudscape has moved ${[...missing].join(', ')}`);
    },
  };
}

// The frame and all it needs are one file, as every screen needs it; what only screens share is split by Rollup. What the
// beginning needs itself is not in it.
const frame = 'src/app/start.tsx';
const inBeginning = /src\/app\/screenModules\.ts$|vite\/preload-helper/;

function inFrame(): (id: string, graph: { getModuleInfo: GetModuleInfo }) => string | undefined {
  const known = new Map<string, boolean>();
  const isPart = (id: string, getModuleInfo: GetModuleInfo): boolean => {
    const before = known.get(id);
    if (before !== undefined) return before;
    known.set(id, false); // of modules that import each other
    const found = id.endsWith(frame) || (getModuleInfo(id)?.importers ?? []).some((by) => isPart(by, getModuleInfo));
    known.set(id, found);
    return found;
  };
  return (id, { getModuleInfo }) =>
    inBeginning.test(id) ? 'beginning' : isPart(id, getModuleInfo) ? 'frame' : undefined;
}

// The browser asks for the frame as soon as it has read the first lines of the page, and draws those meanwhile.
function frameAtOnce(): Plugin {
  return {
    name: 'frame-at-once',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (_, { bundle = {} }) => {
        const chunk = Object.values(bundle).find((file) => file.type === 'chunk' && file.name === 'frame');
        if (chunk?.type !== 'chunk') throw new Error('the build has no frame');
        const styles = [...(chunk.viteMetadata?.importedCss ?? [])];
        const injectTo = 'head' as const;
        return [
          { injectTo, tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `/${chunk.fileName}` } },
          ...styles.map((href) => ({
            injectTo,
            tag: 'link',
            attrs: { rel: 'preload', as: 'style', crossorigin: true, href: `/${href}` },
          })),
        ];
      },
    },
  };
}

export default defineConfig({
  plugins: [fontFiles(), drawnLater(), react(), frameAtOnce(), compressed()],
  build: {
    outDir: '../build/ui',
    emptyOutDir: true,
    // A data: address would need a wider content security policy.
    assetsInlineLimit: 0,
    target: 'es2022',
    chunkSizeWarningLimit: 1200,
    modulePreload: { polyfill: false },
    rollupOptions: { output: { manualChunks: inFrame() } },
  },
  server: { proxy: { '/api': process.env.CLARION_SERVER ?? 'http://localhost:5000' } },
  test: { environment: 'node', include: ['src/**/*.test.{ts,tsx}'] },
});
