import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeTemplateApp } from '../template-app.ts';
import { change, changePackageJson, lines, write } from './files.ts';
import type { Trait } from './trait.ts';

const OLD = 'react-native-background-fetch';
const DELEGATE = 'ios/HelloWorld/AppDelegate.swift';
const JAVA = 'android/app/src/main/java/com/helloworld';

/** Puts a statement behind the first of the application's onCreate. */
const atStart = (root: string, statement: string): void =>
  change(root, `${JAVA}/MainApplication.kt`, (text) =>
    text
      .replace('import ', 'import androidx.work.WorkManager\nimport ')
      .replace('    super.onCreate()\n', (line) => `${line}    ${statement}\n`),
  );

/** Puts statements in front of the first `return true` of the app delegate. */
const atLaunch = (root: string, ...statements: readonly string[]): void =>
  change(root, DELEGATE, (text) =>
    text.replace(
      /^ *return true$/m,
      (line) => `${statements.map((one) => `    ${one}\n`).join('')}${line}`,
    ),
  );

/** Gives the Info.plist permitted identifiers. */
const permit = (root: string, ...ids: readonly string[]): void =>
  change(root, 'ios/HelloWorld/Info.plist', (text) =>
    text.replace(
      '<dict>\n',
      `<dict>\n\t<key>BGTaskSchedulerPermittedIdentifiers</key>\n\t<array>\n${ids
        .map((id) => `\t\t<string>${id}</string>\n`)
        .join('')}\t</array>\n`,
    ),
  );

export const NEIGHBOUR_TRAITS: readonly Trait[] = [
  {
    name: 'neighbour-legacy-background-fetch',
    make(root) {
      makeTemplateApp('0.87', root);
      atLaunch(
        root,
        'application.setMinimumBackgroundFetchInterval(UIApplication.backgroundFetchIntervalMinimum)',
      );
      change(root, 'ios/HelloWorld/Info.plist', (text) =>
        text.replace(
          '<dict>\n',
          '<dict>\n\t<key>UIBackgroundModes</key>\n\t<array>\n\t\t<string>fetch</string>\n\t</array>\n',
        ),
      );
    },
    exit: 0,
  },
  {
    name: 'neighbour-background-fetch-that-registers-all',
    make(root) {
      makeTemplateApp('0.81', root);
      changePackageJson(root, ({ dependencies }) => {
        dependencies[OLD] = '^4.2.1';
      });
      write(root, { [`node_modules/${OLD}/package.json`]: '{"version":"4.2.1"}' });
    },
    exit: 2,
    byHand(app) {
      changePackageJson(app, ({ dependencies }) => {
        Reflect.deleteProperty(dependencies, OLD);
      });
    },
  },
  {
    name: 'neighbour-tasks-of-its-own-and-workers',
    make(root) {
      makeTemplateApp('0.87', root);
      permit(root, 'com.helloworld.refresh', 'com.transistorsoft.fetch');
      changePackageJson(root, ({ dependencies }) => {
        dependencies[OLD] = '4.4.2';
      });
      write(root, {
        'ios/HelloWorld/Refresh.swift': lines(
          'import BackgroundTasks',
          '',
          '// Not BGTaskSchedulerPermittedIdentifiers: only the one below.',
          'func registerRefresh() {',
          '  BGTaskScheduler.shared.register(',
          '    forTaskWithIdentifier: "com.helloworld.refresh", using: nil',
          '  ) { task in task.setTaskCompleted(success: true) }',
          '}',
        ),
        'android/app/src/main/java/com/helloworld/Headless.kt': lines(
          'package com.helloworld',
          '',
          'import com.facebook.react.HeadlessJsTaskService',
          '',
          'class Headless : HeadlessJsTaskService()',
        ),
        'android/app/src/main/java/com/helloworld/Cleanup.java': lines(
          'package com.helloworld;',
          '',
          'import androidx.work.Worker;',
        ),
      });
    },
    exit: 0,
  },
  {
    name: 'neighbour-registers-every-permitted-identifier',
    make(root) {
      makeTemplateApp('0.87', root);
      permit(root, 'com.helloworld.refresh');
      atLaunch(
        root,
        'for id in Bundle.main.object(forInfoDictionaryKey: "BGTaskSchedulerPermittedIdentifiers") as! [String] {',
        '  BGTaskScheduler.shared.register(forTaskWithIdentifier: id, using: nil) { task in',
        '    task.expirationHandler = { task.setTaskCompleted(success: false) }',
        '    try? BGTaskScheduler.shared.submit(BGProcessingTaskRequest(identifier: id))',
        '    task.setTaskCompleted(success: true)',
        '  }',
        '}',
      );
    },
    exit: 2,
    byHand(app) {
      change(app, DELEGATE, (text) =>
        text.replace(
          'Bundle.main.object(forInfoDictionaryKey: "BGTaskSchedulerPermittedIdentifiers") as! [String]',
          '["com.helloworld.refresh"]',
        ),
      );
    },
  },
  {
    name: 'neighbour-registers-the-same-identifier',
    make(root) {
      makeTemplateApp('0.83', root);
      permit(root, 'dev.bgsync.processing');
      atLaunch(
        root,
        'BGTaskScheduler.shared.register(forTaskWithIdentifier: "dev.bgsync.processing", using: nil) { _ in }',
      );
    },
    exit: 2,
    byHand(app) {
      change(app, DELEGATE, (text) => text.replace(/^.*dev\.bgsync\.processing.*\n/m, ''));
    },
  },
  {
    // Found in a real app, where `init` said "Nothing to do".
    name: 'neighbour-cancels-all-work-at-its-start',
    make(root) {
      makeTemplateApp('0.87', root);
      atStart(root, 'WorkManager.getInstance(this).cancelAllWork()');
    },
    exit: 0,
  },
  {
    name: 'neighbour-prunes-work-in-its-activity',
    make(root) {
      makeTemplateApp('0.81', root);
      change(root, `${JAVA}/MainActivity.kt`, (text) =>
        text
          .replace('import ', 'import android.os.Bundle\nimport androidx.work.WorkManager\nimport ')
          .replace(
            'class MainActivity : ReactActivity() {\n',
            (start) =>
              start +
              lines(
                '  override fun onCreate(savedInstanceState: Bundle?) {',
                '    super.onCreate(savedInstanceState)',
                '    tidyUp()',
                '  }',
                '',
                '  private fun tidyUp() {',
                '    WorkManager.getInstance(applicationContext).pruneWork()',
                '  }',
                '',
              ),
          ),
      );
    },
    exit: 0,
  },
  {
    // Meant: told as a note, no warning.
    name: 'neighbour-cancels-all-work-at-log-out',
    make(root) {
      makeTemplateApp('0.87', root);
      write(root, {
        [`${JAVA}/Session.java`]: lines(
          'package com.helloworld;',
          '',
          'import android.content.Context;',
          'import androidx.work.WorkManager;',
          '',
          'public final class Session {',
          '  public static void logOut(Context context) {',
          '    WorkManager.getInstance(context).cancelAllWork();',
          '  }',
          '}',
        ),
      });
    },
    exit: 0,
  },
  {
    name: 'neighbour-cancels-all-requests-at-its-launch',
    make(root) {
      makeTemplateApp('0.87', root);
      atLaunch(root, 'BGTaskScheduler.shared.cancelAllTaskRequests()');
    },
    exit: 0,
  },
  {
    name: 'neighbour-cancels-all-requests-in-objective-c',
    make(root) {
      makeTemplateApp('0.77', root);
      rmSync(join(root, DELEGATE));
      write(root, {
        'ios/HelloWorld/AppDelegate.h': lines(
          '#import <RCTAppDelegate.h>',
          '@interface AppDelegate : RCTAppDelegate',
          '@end',
        ),
        'ios/HelloWorld/AppDelegate.mm': lines(
          '#import "AppDelegate.h"',
          '#import <BackgroundTasks/BackgroundTasks.h>',
          '@implementation AppDelegate',
          '- (BOOL)application:(UIApplication *)application didFinishLaunchingWithOptions:(NSDictionary *)options {',
          '  [self resetSchedules];',
          '  return [super application:application didFinishLaunchingWithOptions:options];',
          '}',
          '- (void)resetSchedules {',
          '  [[BGTaskScheduler sharedScheduler] cancelAllTaskRequests];',
          '}',
          '@end',
        ),
        'ios/HelloWorld/main.m': lines('int main(void) { return 0; }'),
      });
    },
    exit: 0,
  },
  {
    // In some launches alone: told as a note, no warning.
    name: 'neighbour-cancels-all-requests-once-after-an-upgrade',
    make(root) {
      makeTemplateApp('0.83', root);
      atLaunch(
        root,
        'if !UserDefaults.standard.bool(forKey: "migrated") {',
        '  BGTaskScheduler.shared.cancelAllTaskRequests()',
        '  UserDefaults.standard.set(true, forKey: "migrated")',
        '}',
      );
    },
    exit: 0,
  },
];
