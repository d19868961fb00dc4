import { makeExpoFixture } from '../helpers/expo-app.ts';
import { makeTemplateApp } from '../helpers/template-app.ts';

/** The hosts that the demo can show: what the app is called, and how it is made in a folder. */
export const HOSTS = {
  'react-native': {
    title: 'A new React Native 0.87 app',
    make: (folder: string) => {
      makeTemplateApp('0.87', folder);
    },
  },
  expo: {
    title: 'A new Expo SDK 57 app without native folders (CNG)',
    make: (folder: string) => {
      makeExpoFixture(folder, {
        sdk: 57,
        main: 'expo-router/entry',
        files: { 'tsconfig.json': '{ "extends": "expo/tsconfig.base" }\n' },
      });
    },
  },
} as const;
