import { registerRootComponent } from 'expo';

import App from './App';
import './src/background-sync';

// registerRootComponent calls AppRegistry.registerComponent('main', () => App);
registerRootComponent(App);
