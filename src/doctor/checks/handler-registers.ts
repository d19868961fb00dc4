import { findTopLevelCall } from '../../formats/entry.ts';
import type { Check } from '../check.ts';

export const handlerRegisters: Check = {
  id: 'J01',
  title: 'The handler calls registerBackgroundSync at its top level',
  severity: 'error',
  why: 'When the OS starts the app in the background no component is rendered. What is registered in a component, a hook or a callback is not registered then.',
  source: 'https://github.com/expo/expo/issues/29783',
  fix: 'Call registerBackgroundSync({ queue }) at the top level of the file.',
  async run(repo) {
    const file = repo.config?.handler;
    const text = file === undefined ? undefined : await repo.read(file);
    if (file === undefined || text === undefined) return [];
    const call = findTopLevelCall(text, 'registerBackgroundSync');
    switch (call.status) {
      case 'top-level':
        return [];
      case 'nested':
        return [
          {
            file,
            line: call.line,
            message: 'registerBackgroundSync is called inside a function, not at the top level',
          },
        ];
      case 'absent':
        return [{ file, message: 'registerBackgroundSync is never called' }];
      case 'unreadable':
        return [{ file, message: 'the file cannot be parsed' }];
    }
  },
};
