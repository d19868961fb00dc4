const path = require('path');
module.exports = {
  dependencies: {
    'react-native-x': { platforms: { ios: null } }, // keep
    'background-sync': {
      root: path.resolve(__dirname, 'modules/background-sync'),
    },
  },
};
