const path = require('path');

module.exports = {
  dependencies: {
    'background-sync': {
      root: path.resolve(__dirname, 'modules/background-sync'),
    },
  },
};
