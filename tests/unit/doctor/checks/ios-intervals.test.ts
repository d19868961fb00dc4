import { describeCheck } from '../../../helpers/doctor-case.ts';

const FILE = 'ios/Demo/Later.swift';
const OBJC = 'ios/Demo/Later.m';
const IDS = 'ios/Demo/Intervals.swift';

/** The date stands in line 6. */
const later = (date: string, before = ''): string => `import Foundation

enum Later {
  static func put(off task: URLSessionTask) {
    ${before}
    task.earliestBeginDate = ${date}
  }
}
`;
const swift = (date: string, before = '', more: Readonly<Record<string, string>> = {}) => ({
  files: { [FILE]: later(date, before), ...more },
  at: `${FILE}:6`,
});
const near = (date: string, before = '') => ({ [FILE]: later(date, before) });
const CONSTANTS = {
  [IDS]:
    'enum Intervals {\n  static let refresh: TimeInterval = 30\n  static let quarter = 15 * 60\n}\n',
};

describeCheck('I39', {
  base: 'react-native',
  triggers: {
    'a comment says another number': {
      ...swift('Date(timeIntervalSinceNow: 15)', '// At least 900 seconds from now.'),
      message: '15 minutes are 900 seconds',
    },
    'a text says it': {
      ...swift('Date(timeIntervalSinceNow: 15)', 'print("15 seconds")'),
      message: '15 minutes are 900 seconds',
    },
    'minutes for seconds': {
      ...swift('Date(timeIntervalSinceNow: 15)'),
      message: '15 minutes are 900 seconds',
    },
    'a constant of another file': swift(
      'Date(timeIntervalSinceNow: Intervals.refresh)',
      '',
      CONSTANTS,
    ),
    'a constant that says minutes': swift(
      'Date().addingTimeInterval(TimeInterval(minutes))',
      'let minutes = 20',
    ),
    'milliseconds for seconds': {
      ...swift('Date(timeIntervalSinceNow: 15 * 60 * 1000)'),
      message: '15 min are 900 seconds',
    },
    'twice sixty too much': swift('Date(timeIntervalSinceNow: 4 * 60 * 60 * 60)'),
    'a product of constants': swift(
      'Date(timeIntervalSinceNow: TimeInterval(Intervals.quarter) * 1_000)',
      '',
      CONSTANTS,
    ),
    'more than a week': { ...swift('Date(timeIntervalSinceNow: 30 * 86_400)'), message: '30 days' },
    'the wrong epoch': { ...swift('Date(timeIntervalSince1970: 15 * 60)'), message: 'long past' },
    'Date.now +': swift('Date.now + 45'),
    'a variable': swift('next', 'let next = Date(timeIntervalSinceNow: 10)'),
    'the calendar, in seconds': swift(
      'Calendar.current.date(byAdding: .second, value: 15, to: Date())',
    ),
    'a Measurement that is not converted': swift(
      'Date(timeIntervalSinceNow: Measurement(value: 30, unit: UnitDuration.minutes).value)',
    ),
    'Objective-C': {
      files: {
        [OBJC]:
          '#define REFRESH_MINUTES 15\nvoid putOff(NSURLSessionTask *task) {\n  task.earliestBeginDate = [NSDate dateWithTimeIntervalSinceNow:REFRESH_MINUTES];\n}\n',
      },
      at: `${OBJC}:3`,
    },
    'the interval of the fetch before iOS 13': {
      files: {
        [FILE]:
          'import UIKit\n\nfunc start() {\n  UIApplication.shared.setMinimumBackgroundFetchInterval(15)\n}\n',
      },
      at: `${FILE}:4`,
      message: 'the minimum background fetch interval is 15 s',
    },
    nanoseconds: {
      files: {
        [FILE]:
          'import BackgroundTasks\n\nfunc wait() async throws {\n  try await Task.sleep(nanoseconds: 5 * 1000)\n}\n',
      },
      at: `${FILE}:4`,
      message: '1_000_000_000 nanoseconds',
    },
  },
  near: {
    'a comment in front says the very seconds': near(
      'Date(timeIntervalSinceNow: 5)',
      '// As soon as there is power: 5 seconds from now.',
    ),
    'a comment behind says them': near('Date(timeIntervalSinceNow: 20) // 20 s'),
    'a quarter of an hour': near('Date(timeIntervalSinceNow: 15 * 60)'),
    'at once': near('Date(timeIntervalSinceNow: 1)'),
    'a whole day': near('Date(timeIntervalSinceNow: 24 * 60 * 60)'),
    'a whole week': near('Date(timeIntervalSinceNow: 7 * 24 * 3600)'),
    'a Measurement that is converted': near(
      'Date(timeIntervalSinceNow: Measurement(value: 30, unit: UnitDuration.minutes).converted(to: .seconds).value)',
    ),
    'the calendar, in minutes': near(
      'Calendar.current.date(byAdding: .minute, value: 15, to: Date())',
    ),
    'a number that only a run knows': near('Date(timeIntervalSinceNow: settings.interval)'),
    'a date of the user’s': near('Date(timeIntervalSince1970: stored)'),
    'in debug builds alone': {
      [FILE]: `import Foundation

func put(off task: URLSessionTask) {
  #if DEBUG
  task.earliestBeginDate = Date(timeIntervalSinceNow: 10)
  #endif
}
`,
    },
    'in what nothing calls': {
      [FILE]:
        'import Foundation\n\nprivate func old(_ task: URLSessionTask) {\n  task.earliestBeginDate = Date(timeIntervalSinceNow: 10)\n}\n',
    },
    'a second, in nanoseconds': {
      [FILE]:
        'import BackgroundTasks\n\nfunc wait() async throws {\n  try await Task.sleep(nanoseconds: 2 * 1_000_000_000)\n}\n',
    },
    'the least that iOS takes': {
      [FILE]:
        'import UIKit\n\nfunc start() {\n  UIApplication.shared.setMinimumBackgroundFetchInterval(UIApplication.backgroundFetchIntervalMinimum)\n}\n',
    },
  },
});
