import { createReadStream, createWriteStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Where `vite` by itself (development) finds the API. */
const SERVER = process.env.BATON_URL ?? 'http://127.0.0.1:4800';

export default defineConfig({
  root: 'src/web',
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    rollupOptions: {
      // Beside the app, the script for websites: it imports nothing, so that the browser can load it as it is.
      input: { index: 'src/web/index.html', baton: 'src/web/site/visitor.ts' },
      output: {
        entryFileNames: ({ name }) => (name === 'baton' ? 'baton.js' : 'assets/[name]-[hash].js'),
        // A script that is not a module shares its names with the page, unless a function holds them.
        postBanner: ({ name }) => (name === 'baton' ? '(() => {' : ''),
        postFooter: ({ name }) => (name === 'baton' ? '})();' : ''),
      },
    },
  },
  server: { proxy: { '/api': SERVER, '/v1': SERVER } },
  plugins: [react(), compressed()],
});

/** Puts a `.br` and a `.gz` beside every text file built, so that the server need not compress at each call. */
function compressed(): Plugin {
  let outDir = '';
  return {
    name: 'baton-compressed',
    apply: 'build',
    configResolved: config => {
      outDir = join(config.root, config.build.outDir);
    },
    closeBundle: async () => {
      const files = readdirSync(outDir, { recursive: true, encoding: 'utf8' });
      await Promise.all(
        files
          .filter(file => /\.(?:js|css|html|svg)$/.test(file))
          .map(file => join(outDir, file))
          .flatMap(file => [
            pipeline(
              createReadStream(file),
              createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
              createWriteStream(`${file}.br`),
            ),
            pipeline(createReadStream(file), createGzip({ level: 9 }), createWriteStream(`${file}.gz`)),
          ]),
      );
    },
  };
}
