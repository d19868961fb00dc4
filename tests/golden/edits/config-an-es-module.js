import { fileURLToPath } from 'node:url';

export default {
  assets: [],
  dependencies: {
    'background-sync': {
      root: fileURLToPath(new URL('./modules/background-sync', import.meta.url)),
    },
  },
};
