// The handler first: when the OS starts the app in the background, no screen is ever rendered.
import './src/background-sync';
import 'expo-router/entry';
